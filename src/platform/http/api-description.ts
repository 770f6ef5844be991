import type * as Library from '@nestjs/swagger';

type Swagger = typeof Library;
type Decorators =
  | 'ApiBearerAuth'
  | 'ApiExcludeController'
  | 'ApiOperation'
  | 'ApiProduces'
  | 'ApiProperty'
  | 'ApiPropertyOptional'
  | 'ApiResponse'
  | 'ApiTags';

const notes: ((swagger: Swagger) => void)[] = [];

/**
 * The decorators of @nestjs/swagger, which here only note down what they are given. The description is written when the
 * code is changed (`npm run openapi`) and served as it was written, so a process at work never reads the 500 files of
 * that library, a sixth of all it would load (docs/adr/0016-the-api-description-is-a-file.md).
 */
export const ApiBearerAuth = noted('ApiBearerAuth');
export const ApiExcludeController = noted('ApiExcludeController');
export const ApiOperation = noted('ApiOperation');
export const ApiProduces = noted('ApiProduces');
export const ApiProperty = noted('ApiProperty');
export const ApiPropertyOptional = noted('ApiPropertyOptional');
export const ApiResponse = noted('ApiResponse');
export const ApiTags = noted('ApiTags');

/** Hands what was noted to the library, each note once, in the order in which the code was read. */
export function describeTo(swagger: Swagger): void {
  for (const note of notes.splice(0)) note(swagger);
}

function noted<Name extends Decorators>(name: Name): Swagger[Name] {
  const decorator = (...options: never[]) => {
    return (...target: never[]): void => {
      notes.push((swagger) => {
        const describe = swagger[name] as (...options: never[]) => (...target: never[]) => void; // any of its decorators
        describe(...options)(...target);
      });
    };
  };
  return decorator as Swagger[Name]; // takes what that one takes, and returns a decorator of any kind
}
