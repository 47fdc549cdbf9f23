package io.plantroom.edge.driver.coap;

import picocli.CommandLine.Command;

/** What people do with CoAP devices from the command line. */
@Command(
    name = "coap",
    mixinStandardHelpOptions = true,
    description = "Resources of CoAP devices. CoAP 设备的资源",
    subcommands = DiscoverCommand.class)
public final class CoapCommand {}
