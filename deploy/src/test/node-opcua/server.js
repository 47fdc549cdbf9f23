// An OPC UA server that is not built on Milo: node server.js PORT FOLDER. It takes user "plantroom" with the password
// "lift&door" or nobody in particular, and sets what it is told on its standard input: "trapped true", "floor 7.5".
const path = require("path");
const opcua = require("node-opcua");

const [port, folder] = process.argv.slice(2);
const values = { trapped: false, floor: 1, runs: 418260, label: "一号梯" };

async function main() {
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: path.join(folder, "pki"),
    automaticallyAcceptUnknownCertificate: true,
  });
  await certificates.initialize();
  const server = new opcua.OPCUAServer({
    port: Number(port),
    hostname: "127.0.0.1",
    resourcePath: "/lifts",
    serverCertificateManager: certificates,
    securityPolicies: [opcua.SecurityPolicy.Basic256Sha256, opcua.SecurityPolicy.Aes256_Sha256_RsaPss],
    securityModes: [opcua.MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    userManager: { isValidUser: (user, password) => user === "plantroom" && password === "lift&door" },
  });
  await server.initialize();
  const space = server.engine.addressSpace.getOwnNamespace();
  const lift = space.addObject({ organizedBy: server.engine.addressSpace.rootFolder.objects, browseName: "lift-1" });
  const add = (name, type, key) =>
    space.addVariable({
      componentOf: lift,
      browseName: name,
      nodeId: "s=lift-1." + name,
      dataType: type,
      minimumSamplingInterval: 100,
      value: { get: () => new opcua.Variant({ dataType: opcua.DataType[type], value: values[key] }) },
    });
  add("Trapped", "Boolean", "trapped");
  add("Floor", "Double", "floor");
  add("TotalRuns", "UInt32", "runs");
  add("Label", "String", "label");
  await server.start();
  console.log("ready");
  process.stdin.on("data", (data) => {
    for (const line of data.toString().split("\n").filter(Boolean)) {
      const [key, value] = line.split(" ");
      values[key] = JSON.parse(value);
    }
  });
  process.stdin.on("end", () => process.exit(0));
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
