// IndexedDB with promises: what waits on this device until the server has it.

/**
 * @param {string} name
 * @param {(database: IDBDatabase) => void} make the stores, when there is no database yet
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(name, make) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => {
      // Erasing waits for all who have it open, in every tab.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs `work` in one transaction on one store; done once it is on the device.
 * @template Result
 * @param {IDBDatabase} database
 * @param {string} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} work
 * @returns {Promise<Result>}
 */
export function within(database, store, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * Deletes what one attempt left in a store that has an index of attempts.
 * @param {IDBDatabase} database
 * @param {string} store
 * @param {string} attempt
 * @returns {Promise<void>}
 */
export function clear(database, store, attempt) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, "readwrite");
    const request = transaction.objectStore(store).index("attempt").openCursor(attempt);
    request.onsuccess = () => {
      request.result?.delete();
      request.result?.continue();
    };
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
  });
}
