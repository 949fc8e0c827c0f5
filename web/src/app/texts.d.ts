declare module '*.json?first' {
  const texts: Record<string, unknown>;
  export default texts;
}
declare module '*.json?late' {
  const texts: Record<string, unknown>;
  export default texts;
}
