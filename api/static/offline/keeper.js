// The service worker of the exam room: without network a reload finds the room's shell and files here, never an answer of the interface.

(() => {
  /** @type {any} `plan` is written above this script by the server: { version, files, shell } */
  const worker = self;
  const { version, files, shell } = worker.plan;
  const PREFIX = "proctorwise-room-";
  const NAME = PREFIX + version;
  const PATIENCE = 4_000; // milliseconds that a navigation waits for the network before the kept shell is shown
  const ROOM = /^\/attempts\/[^/]+\/room$/;

  worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { request } = event;
    const address = new URL(request.url);
    if (request.method !== "GET" || address.origin !== location.origin) return;
    if (request.mode === "navigate" && ROOM.test(address.pathname)) event.respondWith(navigated(event));
    else if (address.pathname.startsWith(`/static/${version}/`)) event.respondWith(file(request));
  });

  async function install() {
    const kept = await caches.open(NAME);
    await kept.addAll(files);
    await keepShell(await fetch(shell));
    await worker.skipWaiting();
  }

  /** What older versions kept goes, and pages that are open get this one. */
  async function activate() {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)));
    await worker.clients.claim();
  }

  /**
   * The network first; the kept shell when it is away, silent or broken.
   * @param {any} event
   * @returns {Promise<Response>}
   */
  async function navigated(event) {
    const kept = await caches.match(shell, { cacheName: NAME, ignoreVary: true });
    const fresh = fetch(event.request);
    if (!kept) return fresh;
    event.waitUntil(fresh.then(keepShell, () => undefined));
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
    const first = await Promise.race([fresh, late]).catch(() => null);
    return first && first.status < 500 ? first.clone() : kept;
  }

  /**
   * A shell names its files by their version, so only one of this version finds them here. It is the same for all attempts.
   * @param {Response} response
   */
  async function keepShell(response) {
    if (!response.ok || response.redirected) return;
    const copy = response.clone();
    if (!(await response.clone().text()).includes(`/static/${version}/`)) return;
    const kept = await caches.open(NAME);
    await kept.put(shell, copy);
  }

  /** @param {Request} request */
  async function file(request) {
    const kept = await caches.match(request.url, { cacheName: NAME, ignoreVary: true });
    return kept ?? fetch(request);
  }
})();
