FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The optional ones too: the bundler's program for this platform is one.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY embedded embedded
COPY twin twin
COPY command-line command-line
COPY migrations migrations
COPY scripts scripts
COPY docs/openapi.json docs/
RUN node scripts/build.js

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev

# For trials only, and without a package: the local Alipay+, and the program that makes a trial's keys and tokens.
# docker build --target twin
FROM node:24-bookworm-slim AS twin
WORKDIR /app
COPY package.json ./
COPY --from=build /app/dist/twin dist/twin
COPY --from=build /app/dist/scripts/trial-secrets.js dist/scripts/
COPY --from=build /app/dist/embedded/throwaway-keys.js /app/dist/embedded/throwaway-secret-files.js /app/dist/embedded/throwaway-tokens.js dist/embedded/
COPY --from=build /app/dist/command-line dist/command-line
# What reads its command line; it needs nothing else.
COPY --from=dependencies /app/node_modules/commander node_modules/commander
COPY --from=dependencies /app/node_modules/@commander-js node_modules/@commander-js
ENV TWIN_HOST=0.0.0.0 TWIN_PORT=8090
USER node
EXPOSE 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.TWIN_PORT}/_twin/summary`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/twin/main.js"]

FROM node:24-bookworm-slim AS service
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist/migrations dist/migrations
COPY --from=build /app/dist/docs dist/docs
# Found before those above; what is not in it is loaded from there.
COPY --from=build /app/dist/node_modules dist/node_modules
# What an operator needs: "mpp --help" lists it. Demo, simulation, embedded parts and the like stay out.
COPY --from=build /app/dist/scripts/certify-ledger.js /app/dist/scripts/doctor.js /app/dist/scripts/explain.js /app/dist/scripts/find.js dist/scripts/
COPY --from=build /app/dist/scripts/data-keys.js /app/dist/scripts/erase-customer.js /app/dist/scripts/keys.js /app/dist/scripts/ledger.js /app/dist/scripts/migrate.js /app/dist/scripts/mpp.js dist/scripts/
COPY --from=build /app/dist/scripts/reconcile-check.js /app/dist/scripts/redeliver.js /app/dist/scripts/refund.js /app/dist/scripts/repair.js /app/dist/scripts/rotate-keys.js /app/dist/scripts/verify-history.js dist/scripts/
COPY --from=build /app/dist/scripts/certify-ledger dist/scripts/certify-ledger
COPY --from=build /app/dist/scripts/doctor dist/scripts/doctor
COPY --from=build /app/dist/scripts/reconcile-check dist/scripts/reconcile-check
COPY --from=build /app/dist/scripts/rotate-keys dist/scripts/rotate-keys
COPY --from=build /app/dist/scripts/mpp dist/scripts/mpp
COPY bin bin
RUN ln -s /app/bin/mpp.js /usr/local/bin/mpp
COPY --from=build /app/dist/command-line dist/command-line
COPY --from=build /app/dist/src dist/src
# By itself this Node lets what is young grow to some 100 MB before it looks whether any of it is still needed.
ENV NODE_OPTIONS=--max-semi-space-size=16
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
USER node
EXPOSE 8080
# The service drains on SIGTERM; it ends by itself SHUTDOWN_DELAY_MS + SHUTDOWN_GRACE_MS + 15 s later at the latest; give it 5 s more.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
