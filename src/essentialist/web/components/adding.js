// What is added to the draft. Of two values in one run Streamlit passes on the later one, so each tells what was added
// shortly before it, too; what is in the draft already is not added twice.
const SHORTLY_MS = 3000;
const ADDED = new Map(); // when, by the id of a track, in the order of the clicks

function addToDraft(tell, id) {
  const now = performance.now();
  for (const [each, at] of ADDED) if (each === id || now - at > SHORTLY_MS) ADDED.delete(each);
  ADDED.set(id, now);
  tell("added", [...ADDED.keys()]);
}
