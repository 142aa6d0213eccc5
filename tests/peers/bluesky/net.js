// The reference network of the AT Protocol on loopback: directory, personal data server and AppView.
// Ports come as JSON in BALAI_PORTS, the database and Redis in the variables that dev-env reads itself.
// Prints READY once it answers; SIGTERM stops it, and so does the end of its standard input.
const { TestNetwork, mockMailer } = require('@atproto/dev-env')

const ports = JSON.parse(process.env.BALAI_PORTS)

async function main() {
  const network = await TestNetwork.create({
    plc: { port: ports.plc },
    pds: { port: ports.pds, hostname: 'localhost', enableDidDocWithSession: true },
    bsky: {
      port: ports.bsky,
      publicUrl: `http://localhost:${ports.bsky}`,
      dbPostgresSchema: 'bsky',
    },
    ozone: { port: ports.ozone },
    introspect: { port: ports.introspect },
  })
  mockMailer(network.pds) // keeps account mails in memory instead of sending them
  console.log('READY')

  const stop = async () => {
    await network.close().catch(() => {})
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdin.on('end', stop).resume()
}

main().catch((failure) => {
  console.error('FAILED', failure)
  process.exit(1)
})
