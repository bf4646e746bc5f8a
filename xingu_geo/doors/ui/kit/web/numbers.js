// Polygons as numbers in pixels: every pixel whose centre lies in a site gets the site's place + 1, pixels at the rim of
// a site that is large enough also get LINE. Plain arithmetic on arrays, so that 50,000 sites take a blink.
const LINE = 0x80000000;

// All shapes as one list of points on the Web Mercator square of side 1, with where each ring and each site begins.
function flattened(shapes) {
  let points = 0;
  let rings = 0;
  for (const parts of shapes) for (const part of parts) for (const ring of part) { rings += 1; points += ring.length; }
  const flat = {
    x: new Float64Array(points), y: new Float64Array(points),
    ring: new Uint32Array(rings + 1), site: new Uint32Array(shapes.length + 1), box: new Float64Array(4 * shapes.length),
  };
  let [point, number] = [0, 0];
  shapes.forEach((parts, index) => {
    let [west, north, east, south] = [1, 1, 0, 0];
    for (const part of parts) for (const ring of part) {
      for (const [lat, lon] of ring) {
        const sine = Math.sin((lat * Math.PI) / 180);
        const x = lon / 360 + 0.5;
        const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
        west = Math.min(west, x); east = Math.max(east, x); north = Math.min(north, y); south = Math.max(south, y);
        flat.x[point] = x;
        flat.y[point] = y;
        point += 1;
      }
      number += 1;
      flat.ring[number] = point;
    }
    flat.site[index + 1] = number;
    flat.box.set([west, north, east, south], 4 * index);
  });
  return flat;
}

// `left`, `top`: where the image begins, in pixels of the Mercator square at `scale`.
function fillNumbers(ground, numbers, width, height, scale, left, top) {
  numbers.fill(0);
  const outlined = new Uint8Array(ground.site.length);
  const across = [];
  for (let index = 0; index + 1 < ground.site.length; index += 1) {
    const west = ground.box[4 * index] * scale - left;
    const north = ground.box[4 * index + 1] * scale - top;
    const east = ground.box[4 * index + 2] * scale - left;
    const south = ground.box[4 * index + 3] * scale - top;
    if (east < 0 || south < 0 || west > width || north > height) continue;
    outlined[index + 1] = Math.min(east - west, south - north) >= OUTLINED_FROM ? 1 : 0;
    const first = Math.max(0, Math.ceil(north - 0.5));
    const last = Math.min(height - 1, Math.ceil(south - 0.5) - 1);
    let filled = 0;
    for (let row = first; row <= last; row += 1) {
      crossings(ground, index, (row + 0.5 + top) / scale, across);
      for (let pair = 0; pair + 1 < across.length; pair += 2) {
        const from = Math.max(0, Math.ceil(across[pair] * scale - left - 0.5));
        const until = Math.min(width, Math.ceil(across[pair + 1] * scale - left - 0.5));
        for (let at = row * width + from; at < row * width + until; at += 1) numbers[at] = index + 1;
        filled += Math.max(0, until - from);
      }
    }
    // A site thinner than a pixel still leaves a dot.
    const [x, y] = [Math.floor((west + east) / 2), Math.floor((north + south) / 2)];
    if (!filled && x >= 0 && y >= 0 && x < width && y < height) numbers[y * width + x] = index + 1;
  }
  for (let at = 0, end = width * (height - 1) - 1; at < end; at += 1) {
    const number = numbers[at];
    if (outlined[number] && (number !== numbers[at + 1] >>> 0 || number !== numbers[at + width])) numbers[at] = (number | LINE) >>> 0;
  }
}

// Where the row at `y` meets the rim of a site, west to east (even–odd, as holes and parts are drawn).
function crossings(ground, index, y, across) {
  across.length = 0;
  for (let ring = ground.site[index]; ring < ground.site[index + 1]; ring += 1) {
    const [start, end] = [ground.ring[ring], ground.ring[ring + 1]];
    for (let point = start, before = end - 1; point < end; before = point, point += 1) {
      const [above, below] = [ground.y[before], ground.y[point]];
      if (above <= y === below <= y) continue;
      const x = ground.x[before] + ((y - above) / (below - above)) * (ground.x[point] - ground.x[before]);
      let place = across.length;
      across.push(x);
      for (; place > 0 && across[place - 1] > x; place -= 1) across[place] = across[place - 1];
      across[place] = x;
    }
  }
}
