package io.plantroom.edge.commissioning;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Hosts and units as people write ranges of them. */
final class AddressRange {
  /** A slip of the hand must not probe a whole network for days. */
  private static final int MOST_HOSTS = 4096;

  private AddressRange() {}

  /**
   * Units such as {@code 1-32,40}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static List<Integer> units(String text) {
    TreeSet<Integer> units = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      String[] ends = part.strip().split("-", -1);
      int from = unit(ends[0], text);
      int to = ends.length == 1 ? from : unit(ends[ends.length - 1], text);
      if (ends.length > 2 || to < from) {
        throw new IllegalArgumentException("expected units such as 1-32,40, got \"" + text + "\"");
      }
      for (int u = from; u <= to; u++) {
        units.add(u);
      }
    }
    return List.copyOf(units);
  }

  private static int unit(String text, String whole) {
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > 255) {
      throw new IllegalArgumentException("expected units from 0 to 255, got \"" + whole + "\"");
    }
    return Integer.parseInt(text);
  }

  /**
   * Hosts: a name, {@code 192.0.2.1-254}, {@code 192.0.2.1-192.0.3.20} or {@code 192.0.2.0/24}.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static List<String> hosts(String text) {
    List<String> hosts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      add(hosts, part.strip());
    }
    return hosts;
  }

  private static void add(List<String> hosts, String part) {
    if (part.matches("[\\d.]+/\\d{1,2}")) {
      int slash = part.indexOf('/');
      int bits = Integer.parseInt(part.substring(slash + 1));
      if (bits < 20 || bits > 32) {
        throw new IllegalArgumentException("expected /20 to /32, got \"" + part + "\"");
      }
      long size = 1L << (32 - bits);
      long first = number(part.substring(0, slash)) & ~(size - 1);
      boolean ends = bits <= 30; // Network and broadcast address are no hosts.
      range(hosts, ends ? first + 1 : first, ends ? first + size - 2 : first + size - 1, part);
    } else if (part.matches("[\\d.]+-[\\d.]+")) {
      String from = part.substring(0, part.indexOf('-'));
      String to = part.substring(part.indexOf('-') + 1);
      String last = to.contains(".") ? to : from.substring(0, from.lastIndexOf('.') + 1) + to;
      range(hosts, number(from), number(last), part);
    } else if (part.matches("[A-Za-z0-9._-]+|\\[[0-9a-fA-F:]+\\]")) {
      hosts.add(part);
    } else {
      throw new IllegalArgumentException(
          "expected hosts such as 192.0.2.1-254 or 192.0.2.0/24, got \"" + part + "\"");
    }
  }

  private static void range(List<String> hosts, long from, long to, String part) {
    if (to < from || to - from >= MOST_HOSTS) {
      throw new IllegalArgumentException(
          "expected a range of 1 to " + MOST_HOSTS + " hosts, got \"" + part + "\"");
    }
    for (long a = from; a <= to; a++) {
      hosts.add((a >> 24) + "." + (a >> 16 & 255) + "." + (a >> 8 & 255) + "." + (a & 255));
    }
  }

  private static long number(String address) {
    if (!address.matches("(\\d{1,3}\\.){3}\\d{1,3}")) {
      throw new IllegalArgumentException("expected an IPv4 address, got \"" + address + "\"");
    }
    try {
      long n = 0;
      for (byte b : ((Inet4Address) InetAddress.getByName(address)).getAddress()) {
        n = (n << 8) | (b & 0xff);
      }
      return n;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IPv4 address: \"" + address + "\"", e);
    }
  }
}
