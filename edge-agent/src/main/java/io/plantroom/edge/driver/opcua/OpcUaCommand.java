package io.plantroom.edge.driver.opcua;

import picocli.CommandLine.Command;

/** What people do with OPC UA servers from the command line. */
@Command(
    name = "opcua",
    mixinStandardHelpOptions = true,
    description = "Certificates and nodes of OPC UA servers. OPC UA 证书与节点",
    subcommands = {CertificatesCommand.class, BrowseCommand.class})
public final class OpcUaCommand {}
