// A canvas for polygons that may be hatched: a look with `hatch` is filled with slanted strokes of that colour.
// Leaflet's own canvas knows flat fills only. Called once Leaflet is loaded.
function hatchCanvas(L) {
  const tiles = new Map();

  function tile(ctx, ground, ink) {
    const key = ground + ink;
    if (!tiles.has(key)) {
      const scale = window.devicePixelRatio > 1 ? 2 : 1;
      const side = 7 * scale;
      const box = document.createElement("canvas");
      box.width = side;
      box.height = side;
      const pen = box.getContext("2d");
      pen.fillStyle = ground;
      pen.fillRect(0, 0, side, side);
      pen.strokeStyle = ink;
      pen.lineWidth = 1.5 * scale;
      pen.beginPath();
      for (const shift of [-side, 0, side]) {
        pen.moveTo(shift - 1, side + 1);
        pen.lineTo(shift + side + 1, -1);
      }
      pen.stroke();
      const pattern = ctx.createPattern(box, "repeat");
      pattern.setTransform(new DOMMatrix().scale(1 / scale));
      tiles.set(key, pattern);
    }
    return tiles.get(key);
  }

  return L.Canvas.extend({
    _fillStroke(ctx, layer) {
      const look = layer.options;
      if (look.fill) {
        ctx.globalAlpha = look.fillOpacity;
        ctx.fillStyle = look.hatch ? tile(ctx, look.fillColor, look.hatch) : look.fillColor;
        ctx.fill("evenodd");
      }
      if (look.stroke && look.weight) {
        ctx.globalAlpha = look.opacity;
        ctx.lineWidth = look.weight;
        ctx.strokeStyle = look.color;
        ctx.lineJoin = "round";
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    },
  });
}
