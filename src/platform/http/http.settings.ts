import {
  ArrayMaxSize,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import { FromEnv } from '../config/from-env.js';
import { isAddressOrNetwork, isNarrowNetwork } from './trusted-network.js';

/** A port that another setting has taken cannot be had; 0 is any free one each time. */
function IsNotAlso(property: string, setting: string): PropertyDecorator {
  return ValidateBy({
    name: `isNotAlso${setting}`,
    validator: {
      validate: (value, args) => value === 0 || value !== Reflect.get(args?.object ?? {}, property),
      defaultMessage: () => `must be another one than ${setting}`,
    },
  });
}

export class HttpSettings {
  @FromEnv('HOST', {
    kind: 'text',
    default: '127.0.0.1',
    about: 'Address to listen on; 0.0.0.0 for every interface, as in a container.',
  })
  @IsString()
  @IsNotEmpty()
  readonly host!: string;

  @FromEnv('PORT', { kind: 'integer', default: '8080', about: 'Port to listen on; 0 takes any free one.' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port!: number;

  @FromEnv('MANAGEMENT_PORT', {
    kind: 'integer',
    about:
      'Port of their own for /metrics, /docs and /openapi.json, and for /health too; PORT does not serve the first three then. 0 takes any free one. Absent: PORT serves all.',
    example: '9090',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(65_535)
  @IsNotAlso('port', 'PORT')
  readonly managementPort?: number;

  @FromEnv('MANAGEMENT_HOST', {
    kind: 'text',
    about: 'Address to listen on at MANAGEMENT_PORT. Absent: that of HOST.',
    example: '10.0.0.5',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly managementHost?: string;

  @FromEnv('SIGNED_CALLS_PORT', {
    kind: 'integer',
    about:
      'Port of their own for calls that prove themselves by a signature, and for /health: new connections do not wait there behind those of everybody else. PORT serves them all the same. 0 takes any free one. Absent: there is none.',
    example: '8081',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(65_535)
  @IsNotAlso('port', 'PORT')
  @IsNotAlso('managementPort', 'MANAGEMENT_PORT')
  readonly signedCallsPort?: number;

  @FromEnv('SIGNED_CALLS_HOST', {
    kind: 'text',
    about: 'Address to listen on at SIGNED_CALLS_PORT. Absent: that of HOST.',
    example: '10.0.0.5',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  readonly signedCallsHost?: string;

  @FromEnv('BODY_LIMIT_BYTES', {
    kind: 'integer',
    default: '262144',
    about: 'Largest request body that is read, in bytes; a larger one gets 413.',
  })
  @IsInt()
  @Min(1_024)
  @Max(16_777_216)
  readonly bodyLimitBytes!: number;

  /** Absent: off. Trusting everyone would let any client choose its own address and protocol. */
  @FromEnv('TRUST_PROXY', {
    kind: 'list',
    about: 'Addresses or networks of the proxies whose X-Forwarded headers are trusted. Absent: none.',
    example: '10.0.0.0/8,127.0.0.1',
  })
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateBy(
    {
      name: 'isAddressOrNetwork',
      validator: {
        validate: isAddressOrNetwork,
        defaultMessage: () => 'must be a list of addresses or networks (10.0.0.0/8)',
      },
    },
    { each: true },
  )
  @ValidateBy(
    {
      name: 'isNarrowNetwork',
      validator: {
        validate: isNarrowNetwork,
        defaultMessage: () => 'must not name a network that holds half the internet',
      },
    },
    { each: true },
  )
  readonly trustProxy?: string[];

  @FromEnv('PUBLIC_PATH_PREFIX', {
    kind: 'text',
    default: '',
    about:
      'What a proxy before us takes off the paths of the API and the console: put back into links, redirects, Location, cookies and the API description.',
    example: '/gateway/mpp',
  })
  @MaxLength(200)
  @Matches(/^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*$/, {
    message: 'must be a path of letters, digits, - . _ ~ that starts with / and does not end with one',
  })
  readonly publicPathPrefix!: string;

  @FromEnv('HTTP_KEEP_ALIVE_MS', {
    kind: 'integer',
    default: '75000',
    about:
      'How long an idle connection is kept, in ms. Longer than the load balancer before us keeps it (60 s with many, 600 s with some), or it sends into closed ones.',
  })
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  readonly keepAliveMs!: number;

  @FromEnv('SHUTDOWN_DELAY_MS', {
    kind: 'integer',
    default: '0',
    about:
      'How long to keep serving after a stop signal while readiness already fails, in ms, for load balancers.',
  })
  @IsInt()
  @Min(0)
  @Max(120_000)
  readonly shutdownDelayMs!: number;

  @FromEnv('SHUTDOWN_GRACE_MS', {
    kind: 'integer',
    default: '20000',
    about: 'How long requests in flight may take to finish during a stop before their connections are cut.',
  })
  @IsInt()
  @Min(0)
  @Max(600_000)
  readonly shutdownGraceMs!: number;
}
