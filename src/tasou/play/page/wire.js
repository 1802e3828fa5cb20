// The socket: commands out, answers and frames in. A page that loses its server asks again until it is back.
import { store, emit, keepEpochs } from "./store.js";

// The address brings the key, or a link of settings (play=…), or both; neither stays in the address bar.
const LINK = "play=";
function fromAddress() {
  const parts = location.hash.slice(1).split("&").filter(Boolean);
  const key = parts.find((part) => !part.startsWith(LINK));
  if (key) sessionStorage.setItem("token", key);
  if (parts.length) history.replaceState(null, "", location.pathname);
  store.link = parts.find((part) => part.startsWith(LINK)) ?? store.link;
  return key ?? sessionStorage.getItem("token") ?? "";
}
const token = fromAddress();
addEventListener("hashchange", () => {
  const other = fromAddress();
  if (other !== token) location.reload();
  else if (store.link) emit("linked");
});
const waiting = new Map();
const READ = { f4: Float32Array, u1: Uint8Array, i4: Int32Array };
let socket = null;
let number = 0;
let pause = 250;

export const headers = { "x-tasou-token": token };

export function connect() {
  const place = new URL("socket", location.href); // beside the page, also where a proxy shows it below a path of its own
  place.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  place.hash = "";
  socket = new WebSocket(place);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => socket.send(JSON.stringify({ token }));
  socket.onmessage = ({ data }) => {
    heardAt = performance.now();
    typeof data === "string" ? heard(JSON.parse(data)) : seen(data);
  };
  socket.onclose = ({ code }) => closed(code);
  heardAt = performance.now();
}

function closed(code) {
  for (const { refuse } of waiting.values()) refuse(null);
  waiting.clear();
  if (code === 4001 || code === 1008) {
    clearInterval(listening);
    return emit(code === 4001 ? "elsewhere" : "stranger");
  }
  emit("lost");
  setTimeout(connect, pause);
  pause = Math.min(4000, pause * 1.6);
}

// A line can be dead without a word: after a laptop's sleep, behind a proxy. Who hears nothing asks, and then calls again.
const ASK = 8_000, GIVE_UP = 20_000;
let heardAt = 0;
const listening = setInterval(() => {
  const silent = performance.now() - heardAt;
  if (!socket || document.hidden || silent < ASK) return;
  if (silent < GIVE_UP) return tell("where");
  socket.onclose = socket.onmessage = null; // a dead line takes minutes to close
  socket.close();
  closed(0);
}, 4_000);

function heard(message) {
  if (message.hello) {
    pause = 250;
    emit("hello", message.hello);
    took(message.state);
    if (store.link) emit("linked");
    return;
  }
  if (message.elsewhere) return;
  const asked = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) {
    emit("error", message.error);
    return asked?.refuse(message.error);
  }
  asked?.done(message.ok);
}

// A whole state: other runs, other settings. Curves of runs that are gone are forgotten.
export function took(state) {
  const before = store.state;
  const anew = !before || before.data.title.en !== state.data.title.en || !state.runs.some((run) => run.name === before.current);
  store.state = state;
  const names = new Set(state.runs.map((run) => run.name));
  for (const known of [store.curves, store.frames]) for (const name of known.keys()) if (!names.has(name)) known.delete(name);
  if (state.runs.length === 1 && state.runs[0].end === 0) store.curves.clear();
  emit("state", { state, anew });
}

function seen(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, [kind, shape, at]] of Object.entries(head.arrays)) {
    const size = shape.reduce((a, b) => a * b, 1);
    arrays[name] = new READ[kind](buffer, 4 + length + at, size);
    arrays[name].shape = shape;
  }
  if (arrays.epochs) keepEpochs(head.run, head.from, arrays.epochs);
  // while a run plays, its units come in some of the frames only; those of another network are none of its own
  const before = store.frames.get(head.run)?.arrays;
  if (!arrays.units && before?.units?.length === 4 * head.units) arrays.units = before.units;
  if (!arrays.maps && head.mapped && before?.maps?.shape[0] === head.units) arrays.maps = before.maps;
  store.frames.set(head.run, { head, arrays });
  if (!head.last) return;
  // the answer goes out when the picture has been drawn: the server never sends more than can be looked at
  requestAnimationFrame(() => {
    emit("frame", store.frames.get(store.state.current)?.head ?? head); // that of the run that is looked at
    if (socket.readyState === WebSocket.OPEN) socket.send("drawn");
  });
}

// Give a command; the promise brings its answer. What returns a whole state is taken as such.
export function send(cmd, args = {}) {
  return new Promise((done, refuse) => {
    if (socket?.readyState !== WebSocket.OPEN) return refuse(null);
    const id = ++number;
    waiting.set(id, {
      done: (answer) => {
        if (answer?.setup) took(answer);
        else if (answer?.playing !== undefined) emit("where", answer);
        done(answer);
      },
      refuse,
    });
    socket.send(JSON.stringify({ id, cmd, ...args }));
  });
}

// The same where nobody waits for the answer: an error has been shown by then.
export function tell(cmd, args = {}) {
  return send(cmd, args).catch(() => null);
}
