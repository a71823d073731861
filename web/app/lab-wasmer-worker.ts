/** Entry point of the worker in which hostile WASI programs run; it may be ended at any moment. */
import honestUrl from '../guest/modules/irrigation-c-wasi.wasm?url';
import { serveWasmer } from '../lab/isolation/serve-wasmer.ts';
import { fetchBytes } from './fetch-bytes.ts';

serveWasmer(() => fetchBytes(honestUrl));
