// Case files that are beside the project while the suite is bundled: names and texts. None where there are none.
declare module 'virtual:cases' {
  const cases: [name: string, text: string][];
  export default cases;
}
