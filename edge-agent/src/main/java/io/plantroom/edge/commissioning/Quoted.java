package io.plantroom.edge.commissioning;

import com.fasterxml.jackson.databind.node.TextNode;

/** A text as YAML that means just that text: a JSON string is one. */
final class Quoted {
  private Quoted() {}

  static String of(String text) {
    return TextNode.valueOf(text).toString();
  }
}
