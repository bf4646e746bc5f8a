"""Re-ranking after a change of weights, and 1,000 SMAA draws, beside scikit-criteria and pymcdm on the same matrix.

    python -m benchmarks.ranking [--sites 1000 10000 100000] [--million] [--peer-draws 3]

The matrix is even random numbers, 12 criteria (seed 42), with every hundredth site a copy of its neighbour, so that
ties occur. Answers are compared before any time is printed. CPU seconds (user and system), the best of several runs;
BLAS keeps to one thread. The peers know no "first 50": they rank everyone, in each draw, and offer no draws of their
own, so their time for 1,000 is that of a few draws multiplied; the row says so. The floor is the least any method must
pay: one matrix product and one selection for a re-rank, the products of all draws for SMAA. Goals stand beside the
rows of 100,000 and 1,000,000 sites; they are ratios of one run, apart from times meant for two cores at rest.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pymcdm
import skcriteria
from scipy.stats import rankdata
from skcriteria.agg.simple import WeightedSumModel

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.siting.doubt.acceptability import accept, one_thread
from xingu_geo.siting.doubt.draws import weights_around
from xingu_geo.siting.judging.matrix import CriteriaMatrix
from xingu_geo.siting.ranking.additive import weighted_sum
from xingu_geo.siting.ranking.order import rank, ranks, top
from xingu_geo.siting.ranking.scoring import score

CRITERIA, DRAWS, TOP = 12, 1_000, 50

Goals = dict[str, str]
GOALS: dict[int, Goals] = {
    100_000: {
        "first": "≤ 2 ms",
        "floor": "≥ 0.33",
        "full": "≤ 10 ms",
        "skc": "≥ 100",
        "pymcdm": "≥ 500",
        "smaa": "≤ 300 ms",
        "smaa_floor": "≥ 0.33",
        "smaa_skc": "≥ 200",
        "smaa_pymcdm": "≥ 1,000",
    },
    1_000_000: {"smaa": "≤ 2,500 ms", "memory": "< 50 MB"},
}


def main() -> int:
    """Print the table; 1 where an answer differs from a peer's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="also a million sites (several minutes: the peers)")
    parser.add_argument("--peer-draws", type=int, default=3, help="draws the peers really compute")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    say(f"{'':46}{'CPU ms':>12}{'x ours':>10}   goal")
    agreed = True
    for sites in [*chosen.sites, *([1_000_000] if chosen.million else [])]:
        with one_thread():
            agreed &= one_size(sites, chosen.peer_draws)
    return 0 if agreed else 1


def one_size(sites: int, peer_draws: int) -> bool:
    """Every row for one number of sites."""
    rng = np.random.default_rng(42)
    values = rng.random((sites, CRITERIA))
    values[1::100] = values[: len(values[1::100]) * 100 : 100]
    weights = rng.dirichlet(np.full(CRITERIA, 5.0))
    repeats = 3 if sites >= 100_000 else 9
    agreed = agrees(values, weights)
    say(f"\n{sites:,} sites × {CRITERIA} criteria" + ("" if agreed else "   ANSWERS DIFFER"))
    goals = GOALS.get(sites, {})
    rerank(values, weights, repeats, goals)
    smaa(values, weights, min(repeats, 3), peer_draws, goals)
    return agreed


def agrees(values: np.ndarray, weights: np.ndarray) -> bool:
    """Whether ours and the peers' scores are equal, and our ranks those of scipy over pymcdm's scores."""
    ours = weighted_sum(values, weights)
    theirs = skc_scores(values, weights)
    pym = pymcdm_scores(values, weights)
    return bool(
        np.allclose(ours, theirs, rtol=0, atol=1e-12)
        and np.allclose(ours, pym, rtol=0, atol=1e-12)
        and (ranks(100 * ours) == rankdata(-np.round(100 * pym, 9), method="min")).mean() > 0.999
    )


def rerank(values: np.ndarray, weights: np.ndarray, repeats: int, goals: Goals) -> None:
    """Scores and order after a change of weights."""
    matrix = matrix_of(values)
    by_name = dict(zip(matrix.value.columns, weights.tolist(), strict=True))
    eligible = pd.Series(data=True, index=matrix.value.index)
    columns = np.asfortranarray(values)
    first = cpu_ms(lambda: top(weighted_sum(columns, weights), TOP), 5 * repeats)
    show(f"re-rank: scores and first {TOP}", first, goal=goals.get("first"))
    floor = cpu_ms(lambda: np.argpartition(columns @ weights, len(columns) - TOP), 5 * repeats)
    show("  floor: one product, one selection", floor, first, goals.get("floor"))
    full = cpu_ms(lambda: np.argsort(-np.round(100 * weighted_sum(columns, weights), 9)), repeats)
    show("  scores and full order", full, first, goals.get("full"))
    carrier = cpu_ms(lambda: rank(score(matrix, by_name), eligible), repeats)
    show("  score() and rank(), with contributions", carrier, first)
    skc = cpu_ms(lambda: skc_ranks(values, weights), repeats)
    show("  scikit-criteria, WeightedSumModel", skc, first, goals.get("skc"))
    pym = cpu_ms(lambda: pymcdm.helpers.rrankdata(pymcdm_scores(values, weights)), repeats)
    show("  pymcdm, WSM and rrankdata", pym, first, goals.get("pymcdm"))


def smaa(values: np.ndarray, weights: np.ndarray, repeats: int, peer_draws: int, goals: Goals) -> None:
    """A thousand draws, first fifty places."""
    drawn = weights_around(weights, DRAWS, concentration=100, rng=np.random.default_rng(1))
    ours = cpu_ms(lambda: accept([(values, np.arange(DRAWS))], drawn, top=TOP), repeats)
    show(f"SMAA: {DRAWS:,} draws, first {TOP}", ours, goal=goals.get("smaa"))
    say(f"{'  memory beside the matrix, MB':46}{extra_mb(values, drawn):12,.0f}{'':13}{goals.get('memory', '')}")
    show("  floor: products only", cpu_ms(lambda: products(values, drawn), repeats), ours, goals.get("smaa_floor"))
    factor = DRAWS / peer_draws
    skc = factor * cpu_ms(lambda: [skc_ranks(values, one) for one in drawn[:peer_draws]], 1)
    show(f"  scikit-criteria, from {peer_draws} draws", skc, ours, goals.get("smaa_skc"))
    pym = factor * cpu_ms(
        lambda: [pymcdm.helpers.rrankdata(pymcdm_scores(values, one)) for one in drawn[:peer_draws]], 1
    )
    show(f"  pymcdm, from {peer_draws} draws", pym, ours, goals.get("smaa_pymcdm"))


def extra_mb(values: np.ndarray, drawn: np.ndarray) -> float:
    """The most memory that the draws take beside the matrix, megabytes."""
    tracemalloc.start()
    accept([(values, np.arange(len(drawn)))], drawn, top=TOP)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def products(values: np.ndarray, drawn: np.ndarray) -> None:
    """The least: every score of every draw, in single precision and blocks that stay in the cache."""
    single, weights = values.astype(np.float32), drawn.astype(np.float32)
    for first in range(0, len(weights), 128):
        for site in range(0, len(single), 4096):
            weights[first : first + 128] @ single[site : site + 4096].T


def skc_scores(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Scores of scikit-criteria's weighted sum."""
    return np.asarray(skc_ranks(values, weights).e_.score)


def skc_ranks(values: np.ndarray, weights: np.ndarray) -> object:
    """The result of scikit-criteria, matrix and all."""
    decision = skcriteria.mkdm(values, objectives=[max] * values.shape[1], weights=weights)
    return WeightedSumModel().evaluate(decision)


def pymcdm_scores(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Scores of pymcdm's weighted sum, without rescaling."""
    method = pymcdm.methods.WSM(normalization_function=unscaled)
    return np.asarray(method(values, weights, np.ones(values.shape[1])))


def unscaled(column: np.ndarray, cost: bool = False) -> np.ndarray:  # noqa: FBT001, FBT002 - pymcdm's signature
    """The column as it is: pymcdm insists on a scaling, our values need none."""
    if cost:
        raise ValueError("every criterion here is better when greater")
    return column


def matrix_of(values: np.ndarray) -> CriteriaMatrix:
    """The values as the engine hands them over."""
    names = [f"c{place:02d}" for place in range(values.shape[1])]
    index = pd.Index([f"s{place:07d}" for place in range(len(values))], name="site_id", dtype="str")
    frame = pd.DataFrame(np.asfortranarray(values), index=index, columns=names)
    return CriteriaMatrix(frame, frame, dict.fromkeys(names, Confidence.SURVEYED), (), "0" * 64)


def cpu_ms(work: Callable[[], object], repeats: int) -> float:
    """The least CPU time of ``repeats`` runs, milliseconds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return 1000 * best


def say(line: str) -> None:
    """One line to whoever runs this."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def show(what: str, cpu: float, ours: float | None = None, goal: str | None = None) -> None:
    """One row."""
    ratio = f"{cpu / ours:10,.2f}" if ours else f"{'':10}"
    say(f"{what:46}{cpu:12,.2f}{ratio}   {goal or ''}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
