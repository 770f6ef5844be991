import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { refuse } from './payments.problems.js';

/** Our ids are UUIDs: anything else in the path names nothing, and is answered like any other unknown id. */
@Injectable()
export class KnownIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isUUID(id)) throw refuse('NOT_FOUND');
    return id;
  }
}
