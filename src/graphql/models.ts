import type { ListPage } from '../data/list-page.ts';
import type { Account } from '../domain/model.ts';

/** A page of accounts. */
export type AccountPage = ListPage<Account>;

/** Any page: what `pageInfo` is made from. Functions are called only when their field was selected. */
export interface Page {
  readonly rows: readonly unknown[];
  cursorOf(rowIndex: number): string;
  readonly hasNextPage: boolean | (() => Promise<boolean>);
  readonly hasPreviousPage: boolean | (() => Promise<boolean>);
  /** Stands for both ends of a page that failing sources left empty. */
  readonly resumeCursor?: string | null;
}

/** A row within its page; the cursor is made when it is selected. */
export interface RowEdge<Row> {
  readonly page: Page;
  readonly rowIndex: number;
  readonly node: Row;
}

/** Edges of a page. */
export function toEdges<Row>(page: Page & { readonly rows: readonly Row[] }): readonly RowEdge<Row>[] {
  const rows: readonly Row[] = page.rows;
  return rows.map((node, rowIndex) => ({ page, rowIndex, node }));
}
