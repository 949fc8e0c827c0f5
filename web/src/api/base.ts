/**
 * base is the path the program is reached under, "" where it has a host to itself. The server
 * writes it into the page it sends.
 */
export const base = (document.querySelector('meta[name="base"]')?.getAttribute('content') ?? '').replace(/\/+$/, '');

/** under is the address of one of our paths, for links that neither the router nor the API client makes. */
export const under = (path: string) => base + path;
