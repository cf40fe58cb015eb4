import { marshall } from '@aws-sdk/util-dynamodb';
import db from 'dynalite/db/index.js';
import type { Item } from './apply-change.ts';

/** Size of an item by which DynamoDB bills, in bytes. */
export const itemBytes = (item: Item): number => db.itemSize(marshall(item));

/** DynamoDB bills a write by the larger of the item before and after it: a unit for each started kB, at least one. */
export const writeUnits = (before: Item = {}, after: Item = {}): number =>
  Math.max(1, Math.ceil(Math.max(itemBytes(before), itemBytes(after)) / 1024));
