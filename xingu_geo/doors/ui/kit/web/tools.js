// Small tools: panes, text as text, bytes from base64, moving the map only when the chosen thing is out of sight.
function makePane(map, name, height, clickable) {
  const pane = map.getPane(name) || map.createPane(name);
  pane.style.zIndex = height;
  if (!clickable) pane.classList.add("xg-through");
  return pane;
}

function paragraphs(lines) {
  const box = document.createElement("div");
  for (const [text, name] of lines) {
    const line = document.createElement("div");
    if (name) line.className = name;
    line.textContent = text;
    box.append(line);
  }
  return box;
}

// Hides every label that would lie on one shown before it; the first in the list has the first right.
// `slack` [px] is the room asked for between two; a negative one lets them touch.
function clearOfEachOther(boxes, slack = 2) {
  const kept = [];
  for (const box of boxes) {
    box.style.visibility = "";
    const own = box.getBoundingClientRect();
    if (!own.width) continue;
    const meets = kept.some((other) => own.left < other.right + slack && own.right > other.left - slack && own.top < other.bottom + slack && own.bottom > other.top - slack);
    if (meets) box.style.visibility = "hidden";
    else kept.push(own);
  }
}

function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (gap, name) => (name in facts ? String(facts[name]) : gap));
}

function bytes(base64) {
  const raw = atob(base64 || "");
  const all = new Uint8Array(raw.length);
  for (let index = 0; index < raw.length; index += 1) all[index] = raw.charCodeAt(index);
  return all;
}

function words16(base64) {
  const raw = bytes(base64);
  return new Uint16Array(raw.buffer, 0, raw.length >> 1);
}

// A site's class is one byte; its highest bit says that a rank and a score of the site follow in their lists.
function numbersOf(run) {
  const codes = bytes(run.codes);
  const [listed, points] = [words16(run.ranks), words16(run.scores)];
  const [ranks, scores] = [new Uint16Array(codes.length), new Uint16Array(codes.length)];
  let next = 0;
  for (let index = 0; index < codes.length; index += 1) {
    if (codes[index] < 128) continue;
    codes[index] -= 128;
    ranks[index] = listed[next];
    scores[index] = points[next];
    next += 1;
  }
  return { codes, ranks, scores };
}

function reveal(map, at) {
  if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, { animate: false });
}

const loading = new Map();
function once(url, start) {
  if (!loading.has(url)) loading.set(url, start());
  return loading.get(url);
}

function script(url) {
  return once(url, () => new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = url;
    tag.onload = resolve;
    tag.onerror = () => { loading.delete(url); reject(new Error(url)); };
    document.head.append(tag);
  }));
}

function stylesheet(url) {
  return once(url, () => new Promise((resolve, reject) => {
    const tag = document.createElement("link");
    tag.rel = "stylesheet";
    tag.href = url;
    tag.onload = resolve;
    tag.onerror = () => { loading.delete(url); reject(new Error(url)); };
    document.head.append(tag);
  }));
}

function json(url) {
  return once(url, () => fetch(url).then((answer) => {
    if (!answer.ok) { loading.delete(url); throw new Error(url); }
    return answer.json();
  }));
}
