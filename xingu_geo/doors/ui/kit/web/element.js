// The map element: mounts the folium map once, then only repaints. Python sends the links once and, with every run,
// one byte for each site; a click goes back as an id. `window.xinguMap` lets a test look at what is drawn.
const mounted = new WeakMap();
const views = {};

async function mount(component) {
  const { data, parentElement } = component;
  const box = parentElement.querySelector(".xg-map");
  const state = { key: data.key, latest: data, component, box, dead: false, repaints: 0 };
  mounted.set(parentElement, state);
  window.xinguMap = { ready: false, repaints: 0, mounts: (window.xinguMap ? window.xinguMap.mounts : 0) + 1 };
  try {
    await Promise.all(data.css.map(stylesheet));
    for (const url of data.js) await script(url);
    await script(data.draw);
    const [sites, sewers] = await Promise.all([json(data.sites), data.sewers ? json(data.sewers) : null]);
    if (state.dead) return;
    build(state, sites, sewers);
  } catch (error) {
    box.textContent = data.words.failed;
    box.classList.add("xg-failed");
    console.error(error);
  }
}

function build(state, sites, sewers) {
  const { data } = state.component;
  const L = window.L;
  const inner = document.createElement("div");
  inner.id = data.element;
  inner.className = "folium-map";
  state.box.replaceChildren(inner);
  state.box.setAttribute("aria-label", data.words.label);
  const map = window.xinguDraw[data.name]();
  state.map = map;
  L.control.zoom({ position: "topleft", zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false, maxWidth: 140 }).addTo(map);
  const view = views[data.place];
  if (view) map.setView(view.centre, view.zoom, { animate: false });
  else map.fitBounds(data.bounds, { padding: [14, 14], animate: false });
  const scale = () => { inner.dataset.near = map.getZoom() >= 14 ? "2" : map.getZoom() >= 12.5 ? "1" : "0"; };
  map.on("zoomend", scale);
  map.on("moveend", () => { views[data.place] = { centre: map.getCenter(), zoom: map.getZoom() }; });
  scale();
  const send = (kind, id) => state.component.setTriggerValue("picked", { kind, id });
  state.sites = sitesLayer(L, map, sites, (index) => send("site", sites.ids[index]));
  state.sewers = sewers && sewersLayer(L, map, sewers, (index) => send("element", sewers.elements[index].id));
  state.overlay = overlayLayer(L, map);
  state.watch = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  state.watch.observe(inner);
  const numbers = new Map(sites.ids.map((id, index) => [id, index]));
  const parts = new Map(sewers ? sewers.elements.map((element, index) => [element.id, index]) : []);
  state.repaint = () => repaint(state, numbers, parts);
  Object.assign(window.xinguMap, {
    map, siteIds: sites.ids, at: sites.at, elementIds: sewers ? sewers.elements.map((element) => element.id) : [],
    colourOf: state.sites.colourOf, asImage: state.sites.asImage,
    pipeColourOf: state.sewers ? state.sewers.colourOf : null,
    overlaid: () => state.overlay.count(),
    lit: () => (state.sewers ? state.sewers.litOf() : []),
  });
  state.repaint();
  window.xinguMap.ready = true;
}

function repaint(state, numbers, parts) {
  const { run } = state.latest;
  const indices = (ids, known) => ids.map((id) => known.get(id)).filter((index) => index !== undefined);
  state.sites.update({
    ...numbersOf(run),
    looks: run.looks, looksKey: JSON.stringify(run.looks), words: state.latest.words, follow: run.follow,
    top: indices(run.top, numbers), selected: numbers.has(run.selected) ? numbers.get(run.selected) : -1,
  });
  const pipesKey = JSON.stringify(run.pipes || null);
  if (state.sewers && pipesKey !== state.pipesKey) {
    state.pipesKey = pipesKey;
    state.sewers.update({
      codes: bytes(run.pipes.codes), labels: run.pipes.labels, looks: run.pipes.looks,
      shown: indices(run.pipes.shown, parts), lit: indices(run.pipes.lit, parts), follow: run.pipes.follow,
    });
  }
  state.overlay.update(run.overlay || [], run.follow);
  const hidden = new Set(run.hidden);
  for (const [name, pane] of Object.entries(state.map.getPanes())) {
    const group = name.startsWith("xg-") ? name.slice(3).replace(/-labels$/, "") : name === "overlayPane" ? "sites" : "";
    if (group) pane.style.display = hidden.has(group) ? "none" : "";
  }
  state.repaints += 1;
  window.xinguMap.repaints = state.repaints;
  window.xinguMap.stamp = run.stamp;
}

function unmount(parentElement) {
  const state = mounted.get(parentElement);
  if (!state) return;
  state.dead = true;
  if (state.watch) state.watch.disconnect();
  if (state.map) state.map.remove();
  mounted.delete(parentElement);
}

export default function (component) {
  const { data, parentElement } = component;
  const state = mounted.get(parentElement);
  if (state && state.key === data.key) {
    state.component = component;
    state.latest = data;
    if (state.repaint) state.repaint();
  } else {
    unmount(parentElement);
    mount(component);
  }
  return () => unmount(parentElement);
}
