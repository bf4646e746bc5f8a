// The sites: coloured by one byte each; numbered marks on the first ones; the chosen one outlined. A few thousand are
// polygons on one canvas, more are an image (image.js).
// `shapes` is the file of geometry and names; `pick(index)` is called on a click. All text is set as textContent.
const POLYGONS_MAX = 4000;

function sitesLayer(L, map, shapes, pick) {
  const marks = L.layerGroup();
  const chosen = L.layerGroup();
  let run = null;
  let marked = "";
  let discs = [];
  const tidy = () => clearOfEachOther(discs, -7);
  map.on("zoomend", tidy);

  makePane(map, "xg-chosen", 440, false);
  const outlines = L.svg({ pane: "xg-chosen", padding: 0.4 });
  makePane(map, "xg-marks", 480, false);
  const asImage = shapes.ids.length > POLYGONS_MAX;
  const ground = (asImage ? siteImage : sitePolygons)(L, map, shapes, pick, card);
  marks.addTo(map);
  chosen.addTo(map);

  function card(index) {
    const lines = [[shapes.names[index], "xg-tip-name"], [shapes.facts[index], ""]];
    if (run) {
      const rank = run.ranks[index];
      if (rank) lines.push([fill(run.words.ranked, { rank, score: (run.scores[index] / 100).toFixed(1) }), "xg-tip-rank"]);
      else lines.push([run.looks[run.codes[index]].text, "xg-tip-out"]);
    }
    return paragraphs(lines);
  }

  function mark(next) {
    marks.clearLayers();
    discs = [];
    next.top.forEach((index, place) => {
      const disc = document.createElement("span");
      disc.className = "xg-mark" + (index === next.selected ? " xg-mark-chosen" : "");
      disc.textContent = String(next.ranks[index] || place + 1);
      if (index === next.selected) discs.unshift(disc);
      else discs.push(disc);
      const icon = L.divIcon({ html: disc, iconSize: [22, 22], className: "xg-at" });
      L.marker(shapes.at[index], { icon, pane: "xg-marks", keyboard: false, zIndexOffset: -place })
        .on("click", () => pick(index))
        .bindTooltip(() => card(index), { className: "xg-tip", direction: "top", offset: [0, -10] })
        .addTo(marks);
    });
  }

  function outline(next) {
    chosen.clearLayers();
    if (next.selected < 0) return;
    const svg = { renderer: outlines, pane: "xg-chosen", interactive: false, fill: false };
    L.polygon(shapes.shapes[next.selected], { ...svg, color: "#ffffff", weight: 6 }).addTo(chosen);
    L.polygon(shapes.shapes[next.selected], { ...svg, color: "#0f172a", weight: 2.6 }).addTo(chosen);
  }

  return {
    update(next) {
      const moved = !run || run.selected !== next.selected;
      run = next;
      ground.recolour(next);
      const marksKey = [next.top, next.selected, next.words.ranked, next.top.map((index) => next.ranks[index])].join();
      if (marksKey !== marked) {
        marked = marksKey;
        mark(next);
        outline(next);
        tidy();
      }
      if (moved && next.selected >= 0 && next.follow) reveal(map, L.latLng(shapes.at[next.selected]));
    },
    asImage,
    colourOf: ground.colourOf,
  };
}

// Every site a polygon of its own, smooth at its edges; only those whose class changed are painted again.
function sitePolygons(L, map, shapes, pick, card) {
  const Canvas = hatchCanvas(L);
  const renderer = new Canvas({ padding: 0.4, tolerance: 2 });
  const group = L.featureGroup();
  const polygons = shapes.shapes.map((shape, index) => {
    const polygon = L.polygon(shape, { renderer, weight: 0.7, fill: true, stroke: true, smoothFactor: 0.5 });
    polygon.index = index;
    return polygon.addTo(group);
  });
  group.addTo(map);
  group.on("click", (event) => pick(event.layer.index));
  group.bindTooltip((layer) => card(layer.index), { sticky: true, className: "xg-tip", direction: "top", offset: [0, -8] });
  let painted = null;

  return {
    recolour(next) {
      for (let index = 0; index < polygons.length; index += 1) {
        const code = next.codes[index];
        if (!painted || painted.codes[index] !== code || painted.looksKey !== next.looksKey) {
          polygons[index].setStyle(next.looks[code].style);
        }
      }
      painted = next;
    },
    colourOf: (index) => polygons[index].options.hatch || polygons[index].options.fillColor,
  };
}
