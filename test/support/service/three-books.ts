import { compareBooks, readThreeBooks } from '../../../scripts/drill/books/compare-books.js';
import { discrepancyLine } from '../../../scripts/drill/books/discrepancy.js';
import { ask } from '../database/ask.js';
import type { TestGround } from './test-ground.js';

/**
 * Compares our orders, the wallet's ledger and the twin's books once everything has ended. Each line names one order
 * and its fault; an empty list means that the three agree.
 */
export async function disagreements({ database, books }: TestGround): Promise<string[]> {
  const read = <Row>(text: string): Promise<Row[]> => ask<Row>(database.url, text);
  return compareBooks(await readThreeBooks(read, books.url)).map(discrepancyLine);
}
