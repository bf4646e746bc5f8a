// The sewer network: an SVG layer above the sites, coloured by utilisation, dashed when over, labelled with its share.
// A lit set of elements stands out and all others fade. `pick(index)` is called on a click.
function sewersLayer(L, map, shapes, pick) {
  makePane(map, "xg-sewers", 445, true);
  makePane(map, "xg-sewers-labels", 475, false);
  const group = L.layerGroup().addTo(map);
  const labels = L.layerGroup().addTo(map);
  const renderer = L.svg({ pane: "xg-sewers", padding: 0.4 });
  let run = null;
  let boxes = [];
  let lastLit = "";
  const tidy = () => clearOfEachOther(boxes);
  map.on("zoomend", tidy);

  const drawn = shapes.elements.map((element, index) => {
    const parts = element.line ? lineOf(element, index) : nodeOf(element, index);
    const hit = parts[parts.length - 1];
    hit.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      pick(index);
    });
    hit.bindTooltip(() => card(index), { sticky: true, className: "xg-tip", direction: "top", offset: [0, -8] });
    return { element, parts };
  });

  function lineOf(element) {
    const base = { renderer, pane: "xg-sewers", lineCap: "butt", interactive: false };
    const wide = element.weight;
    return [
      L.polyline(element.line, { ...base, color: "#ffffff", weight: wide + 2.4 }).addTo(group),
      L.polyline(element.line, { ...base, color: "#94a3b8", weight: wide }).addTo(group),
      L.polyline(element.line, { ...base, color: "#000", opacity: 0, weight: wide + 10, interactive: true }).addTo(group),
    ];
  }

  function nodeOf(element) {
    const base = { renderer, pane: "xg-sewers" };
    return [L.circleMarker(element.point, { ...base, radius: element.radius, color: "#fff", weight: 1.6, fillOpacity: 1 }).addTo(group)];
  }

  function card(index) {
    const lines = [[shapes.elements[index].name, "xg-tip-name"], [shapes.elements[index].facts, ""]];
    if (run) lines.push([run.labels[index], "xg-tip-rank"], [run.looks[run.codes[index]].text, ""]);
    return paragraphs(lines.filter(([text]) => text));
  }

  function paint(next) {
    const lit = new Set(next.lit);
    drawn.forEach(({ element, parts }, index) => {
      const look = next.looks[next.codes[index]];
      const faded = lit.size > 0 && !lit.has(index);
      const opacity = faded ? 0.45 : 1;
      if (element.line) {
        const weight = element.weight + (lit.has(index) ? 1.6 : 0);
        parts[0].setStyle({ opacity, weight: weight + (lit.has(index) ? 4 : 2.4), color: lit.has(index) ? "#0f172a" : "#ffffff" });
        parts[1].setStyle({ opacity, weight, color: look.color, dashArray: look.dash || null });
      } else {
        parts[0].setStyle({ opacity, fillOpacity: faded ? 0.5 : 1, fillColor: look.color, color: lit.has(index) ? "#0f172a" : "#ffffff" });
      }
    });
  }

  function write(next) {
    labels.clearLayers();
    boxes = [];
    next.shown.forEach((index) => {
      const element = drawn[index].element;
      const box = document.createElement("span");
      box.className = "xg-load" + (next.lit.length && !next.lit.includes(index) ? " xg-faded" : "");
      const dot = document.createElement("i");
      dot.style.background = next.looks[next.codes[index]].color;
      box.append(dot, document.createTextNode(next.labels[index]));
      boxes.push(box);
      const icon = L.divIcon({ html: box, iconSize: [0, 0], className: "xg-at" });
      L.marker(element.middle || element.point, { icon, pane: "xg-sewers-labels", interactive: false, keyboard: false }).addTo(labels);
    });
  }

  return {
    update(next) {
      run = next;
      paint(next);
      write(next);
      const litKey = next.lit.join();
      const isNew = litKey !== lastLit;
      lastLit = litKey;
      if (next.follow && isNew && next.lit.length) {
        const whole = L.latLngBounds(next.lit.flatMap((index) => drawn[index].element.line || [drawn[index].element.point]));
        if (whole.isValid()) map.fitBounds(whole, { padding: [30, 30], maxZoom: 15, animate: false });
      }
      tidy();
    },
    colourOf: (index) => (drawn[index].element.line ? drawn[index].parts[1].options.color : drawn[index].parts[0].options.fillColor),
    litOf: () => (run ? run.lit.slice() : []),
  };
}
