// The package of workerd has no types: its default export is the path of the binary.
declare module 'workerd' {
  const path: string | { default: string };
  export default path;
}
