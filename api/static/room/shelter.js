// The room's service worker: it keeps the room's shell and files while an exam is written, so that a reload needs no network.

const SCOPE = "/attempts/";
const CACHES = "proctorwise-room-";

/** Let the room outlive the network. A browser that cannot, or may not, keeps everything else that the room does. */
export async function shelter() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/room-keeper.js", { scope: SCOPE, updateViaCache: "none" }).catch((error) => console.warn(String(error)));
}

/** No exam is written here any more: the worker and its files go. */
export async function withdraw() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  await registration?.unregister();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(CACHES)).map((name) => caches.delete(name)));
}
