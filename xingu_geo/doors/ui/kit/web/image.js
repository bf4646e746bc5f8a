// Many sites: an image of site numbers, drawn once for each view. A run only looks every pixel's number up in a table of
// colours, a hover or click reads the number under the mouse: neither depends on how many sites there are.
const OUTLINED_FROM = 8; // px: a smaller site has no outline, or there would be nothing else of it
const HATCH = 7; // px from one slanted stroke to the next

function siteImage(L, map, shapes, pick, card) {
  const ground = flattened(shapes.shapes);
  const ratio = window.devicePixelRatio > 1 ? 2 : 1;
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  let numbers = new Uint32Array(0);
  let pixels = null;
  let tables = null;
  let run = null;

  const Layer = L.Renderer.extend({
    options: { padding: 0.25 },
    _initContainer() { this._container = canvas; },
    _destroyContainer() { canvas.remove(); },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      draw(size.x * ratio, size.y * ratio, this._bounds.min);
    },
    corner() { return this._bounds.min; },
  });

  function draw(width, height, corner) {
    if (!width || !height) return; // out of sight: there is no image without a pixel
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      numbers = new Uint32Array(width * height);
      pixels = pen.createImageData(width, height);
    }
    const origin = map.getPixelOrigin();
    const scale = 256 * 2 ** map.getZoom() * ratio;
    fillNumbers(ground, numbers, width, height, scale, (origin.x + corner.x) * ratio, (origin.y + corner.y) * ratio);
    paint();
  }

  function paint() {
    if (!tables || !pixels) return;
    const out = new Uint32Array(pixels.data.buffer);
    const { flat, ink, line } = tables;
    const { width, height } = canvas;
    const stroke = 2 * ratio;
    const step = HATCH * ratio;
    for (let y = 0, at = 0; y < height; y += 1) {
      let phase = y % step;
      for (let x = 0; x < width; x += 1, at += 1) {
        const number = numbers[at];
        if (number === 0) out[at] = 0;
        else if (number & LINE) out[at] = line[number ^ LINE];
        else out[at] = phase < stroke ? ink[number] : flat[number];
        phase += 1;
        if (phase === step) phase = 0;
      }
    }
    pen.putImageData(pixels, 0, 0);
  }

  function recolour(next) {
    const same = run && run.looksKey === next.looksKey && run.codes.every((code, index) => code === next.codes[index]);
    run = next;
    if (same) return;
    const styles = next.looks.map(({ style }) => ({
      flat: pixel(style.fillColor, style.fillOpacity),
      ink: pixel(style.hatch || style.fillColor, style.fillOpacity),
      line: pixel(style.color, style.opacity),
    }));
    const count = next.codes.length + 1;
    tables = { flat: new Uint32Array(count), ink: new Uint32Array(count), line: new Uint32Array(count) };
    for (let index = 0; index < next.codes.length; index += 1) {
      const style = styles[next.codes[index]];
      tables.flat[index + 1] = style.flat;
      tables.ink[index + 1] = style.ink;
      tables.line[index + 1] = style.line;
    }
    paint();
  }

  function under(event) {
    if (event.originalEvent.target !== canvas) return -1;
    const at = map.mouseEventToLayerPoint(event.originalEvent).subtract(layer.corner()).multiplyBy(ratio).floor();
    if (at.x < 0 || at.y < 0 || at.x >= canvas.width || at.y >= canvas.height) return -1;
    return (numbers[at.y * canvas.width + at.x] & ~LINE) - 1;
  }

  const layer = new Layer();
  layer.addTo(map);
  map.on("click", (event) => { const index = under(event); if (index >= 0) pick(index); });
  hover(L, map, canvas, under, card);
  return {
    recolour,
    colourOf: (index) => { const { style } = run.looks[run.codes[index]]; return style.hatch || style.fillColor; },
  };
}

// The tooltip that follows the mouse over the image; permanent, as Leaflet would else close it with every click.
function hover(L, map, canvas, under, card) {
  const tip = L.tooltip({ className: "xg-tip", direction: "top", offset: [0, -8], permanent: true });
  let shown = -1;
  const leave = () => { if (shown >= 0) map.closeTooltip(tip); shown = -1; canvas.style.cursor = ""; };
  map.on("mousemove", (event) => {
    const index = under(event);
    if (index < 0) { leave(); return; }
    tip.setLatLng(event.latlng);
    if (index === shown) return;
    shown = index;
    tip.setContent(card(index));
    map.openTooltip(tip);
    canvas.style.cursor = "pointer";
  });
  map.on("mouseout", leave);
}

// Colour and opacity as one number in the byte order of an image.
function pixel(colour, opacity) {
  const value = parseInt(colour.slice(1), 16);
  const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
