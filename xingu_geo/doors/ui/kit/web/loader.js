// All that travels with the element itself: it fetches the module once, by address, and hands every run on to it.
// (Streamlit sends an element's own script again with every message.)
let module = null;

export default function (component) {
  let leave = null;
  let gone = false;
  const box = component.parentElement.querySelector(".xg-map");
  module = module || import(window.location.origin + component.data.module);
  module.then(
    (loaded) => { if (!gone) leave = loaded.default(component); },
    (error) => { module = null; box.textContent = component.data.words.failed; console.error(error); },
  );
  return () => { gone = true; if (leave) leave(); };
}
