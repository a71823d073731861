/** Other ways to hold code apart, from what others have published: cited, not measured here. */

export interface Citation {
  id: string;
  /** Authors, title, where and when. */
  source: string;
  url: string;
}

export interface CitedClaim {
  /** A sentence, in our words. */
  says: string;
  /** Of `citations`. */
  by: readonly string[];
}

export interface CitedApproach {
  id: string;
  title: string;
  /** What stands between two programs. */
  boundary: CitedClaim;
  /** How fast it starts, and what it costs in memory or speed; empty where the sources do not say. */
  costs: readonly CitedClaim[];
  /** What is known to come through, or is left open. */
  limits: readonly CitedClaim[];
  /** Whether it can be had on an ESP32. */
  onMicrocontroller: 'yes' | 'no' | 'some chips';
}

export const citations: readonly Citation[] = [
  { id: 'haas', source: 'A. Haas et al.: Bringing the Web up to Speed with WebAssembly. PLDI 2017', url: 'https://doi.org/10.1145/3062341.3062363' },
  { id: 'lehmann', source: 'D. Lehmann, J. Kinder, M. Pradel: Everything Old is New Again: Binary Security of WebAssembly. USENIX Security 2020', url: 'https://www.usenix.org/conference/usenixsecurity20/presentation/lehmann' },
  { id: 'hilbig', source: 'A. Hilbig, D. Lehmann, M. Pradel: An Empirical Study of Real-World WebAssembly Binaries. The Web Conference 2021', url: 'https://www2021.thewebconf.org/papers/an-empirical-study-of-real-world-webassembly-binaries-security-languages-use-cases/' },
  { id: 'rlbox', source: 'S. Narayan et al.: Retrofitting Fine Grain Isolation in the Firefox Renderer. USENIX Security 2020', url: 'https://arxiv.org/abs/2003.00572' },
  { id: 'gobi', source: 'S. Narayan et al.: Gobi: WebAssembly as a Practical Path to Library Sandboxing. 2019', url: 'https://arxiv.org/abs/1912.02285' },
  { id: 'veriwasm', source: 'E. Johnson et al.: Доверяй, но проверяй: SFI safety for native-compiled Wasm. NDSS 2021', url: 'https://www.ndss-symposium.org/ndss-paper/%D0%B4%D0%BE%D0%B2%D0%B5%D1%80%D1%8F%D0%B9-%D0%BD%D0%BE-%D0%BF%D1%80%D0%BE%D0%B2%D0%B5%D1%80%D1%8F%D0%B9-sfi-safety-for-native-compiled-wasm/' },
  { id: 'swivel', source: 'S. Narayan et al.: Swivel: Hardening WebAssembly against Spectre. USENIX Security 2021', url: 'https://arxiv.org/abs/2102.12730' },
  { id: 'jangda', source: 'A. Jangda et al.: Not So Fast: Analyzing the Performance of WebAssembly vs. Native Code. USENIX ATC 2019', url: 'https://arxiv.org/abs/1901.09056' },
  { id: 'manco', source: 'F. Manco et al.: My VM is Lighter (and Safer) than your Container. SOSP 2017', url: 'https://orbi.uliege.be/handle/2268/238338' },
  { id: 'docker', source: 'Docker Engine security. Docker documentation', url: 'https://docs.docker.com/engine/security/' },
  { id: 'gvisor', source: 'E. G. Young et al.: The True Cost of Containing: A gVisor Case Study. HotCloud 2019', url: 'https://www.usenix.org/conference/hotcloud19/presentation/young' },
  { id: 'firecracker', source: 'Amazon Web Services: Firecracker, lightweight virtualization for serverless computing. AWS News Blog, 2018', url: 'https://aws.amazon.com/blogs/aws/firecracker-lightweight-virtualization-for-serverless-computing/' },
  { id: 'espressif', source: 'Espressif Systems: Launching the ESP Privilege Separation. 2022', url: 'https://espressif.com/en/node/6003' },
  { id: 'esp-privilege', source: 'Espressif Systems: ESP Privilege Separation Programming Guide, ESP32-C3', url: 'https://docs.espressif.com/projects/esp-privilege-separation/en/latest/esp32c3/index.html' },
];

export const citedApproaches: readonly CitedApproach[] = [
  {
    id: 'native',
    title: 'Native code in the firmware',
    boundary: { says: 'None: an ESP-IDF application is one firmware in which operating system, network and business logic are not separated.', by: ['espressif'] },
    costs: [],
    limits: [{ says: 'A fault in any part can reach every other; a framework of the maker separates two programs on chips that have the hardware for it.', by: ['espressif', 'esp-privilege'] }],
    onMicrocontroller: 'yes',
  },
  {
    id: 'privilege',
    title: 'Privilege separation by hardware',
    boundary: { says: 'A user program with restricted memory and peripherals below a protected one, with system calls between them; two programs in all.', by: ['esp-privilege'] },
    costs: [],
    limits: [{ says: 'An exception in the user program does not harm the protected one. Its guide is written for the ESP32-C3.', by: ['esp-privilege'] }],
    onMicrocontroller: 'some chips',
  },
  {
    id: 'container',
    title: 'Linux containers (Docker)',
    boundary: { says: 'Namespaces and control groups of one kernel, which all containers share; the security of that kernel and of the daemon are part of the boundary.', by: ['docker'] },
    costs: [{ says: 'Starting one takes about two orders of magnitude longer than the 2.3 ms in which a specialised virtual machine boots.', by: ['manco'] }],
    limits: [{ says: 'Isolation is weaker than that of virtual machines, to the point that people run containers within those.', by: ['manco'] }],
    onMicrocontroller: 'no',
  },
  {
    id: 'gvisor',
    title: 'Containers over a kernel in user space (gVisor)',
    boundary: { says: 'A kernel written anew, in user space, takes the system calls of the container and makes few of its own.', by: ['gvisor'] },
    costs: [{ says: 'System calls, opening files and the network cost more than in a plain container; the paper measures each.', by: ['gvisor'] }],
    limits: [],
    onMicrocontroller: 'no',
  },
  {
    id: 'microvm',
    title: 'Small virtual machines (Firecracker, LightVM)',
    boundary: { says: 'Virtualisation by the processor, with few emulated devices.', by: ['firecracker'] },
    costs: [
      { says: 'Firecracker: from 125 ms to start, about 5 MiB of memory for each.', by: ['firecracker'] },
      { says: 'LightVM: 2.3 ms to boot, where a process of Linux takes 1 ms.', by: ['manco'] },
    ],
    limits: [],
    onMicrocontroller: 'no',
  },
  {
    id: 'wasm',
    title: 'WebAssembly',
    boundary: { says: 'Validated code that can address its own linear memory only and call only what it was given; a formal semantics says what that means.', by: ['haas'] },
    costs: [
      { says: 'SPEC programs run 45 % (Firefox) to 55 % (Chrome) slower than native code on average, up to 2.5 times.', by: ['jangda'] },
      { says: 'As a sandbox for libraries of a browser its overheads are modest and hardly lengthen the loading of pages.', by: ['rlbox', 'gobi'] },
    ],
    limits: [
      { says: 'Inside its own memory a program is less protected than native code: overflows that mitigations stop natively are exploitable there, and even data that its author took for constant can be overwritten.', by: ['lehmann'] },
      { says: 'Two thirds of the modules found in the wild come from languages without memory safety, and 21 % import functions that may be dangerous.', by: ['hilbig'] },
      { says: 'The compiler of the engine has to be right: bugs in it have broken the isolation, so its output has been verified separately.', by: ['veriwasm'] },
      { says: 'Spectre attacks pass the boundary unless code is compiled against them, at 3.3 % to 240 % of overhead for complete protection.', by: ['swivel'] },
    ],
    onMicrocontroller: 'yes',
  },
];

/** Throws for an id that is not cited. */
export function citation(id: string): Citation {
  const found = citations.find((each) => each.id === id);
  if (!found) throw new Error(`${id} is not among the citations.`);
  return found;
}
