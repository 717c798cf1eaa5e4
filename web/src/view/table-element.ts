/** The element of a table on the plan or in the list, whichever is shown. */
export function tableElementId(tableId: number): string {
  return `table-${tableId}`;
}
