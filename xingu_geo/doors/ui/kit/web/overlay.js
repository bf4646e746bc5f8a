// Outlines and plans laid over the sites, such as a joined plot and the building placed on it. Not clickable.
function overlayLayer(L, map) {
  makePane(map, "xg-joined", 442, false);
  const renderer = L.svg({ pane: "xg-joined", padding: 0.4 });
  const group = L.featureGroup().addTo(map);
  let drawn = "[]";

  return {
    update(shapes, follow) {
      const key = JSON.stringify(shapes);
      if (key === drawn) return;
      drawn = key;
      group.clearLayers();
      for (const { shape, style } of shapes) {
        const base = { renderer, pane: "xg-joined", interactive: false };
        L.polygon(shape, { ...base, fill: false, color: "#ffffff", weight: style.weight + 3.4 }).addTo(group);
        L.polygon(shape, { ...base, ...style }).addTo(group);
      }
      if (follow && shapes.length) map.fitBounds(group.getBounds(), { padding: [70, 70], maxZoom: 16, animate: false });
    },
    count: () => JSON.parse(drawn).length,
  };
}
