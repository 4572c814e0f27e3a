#pragma once

// Events of an XML document, by expat. Document types, and with them entities, are refused: no office program writes
// them.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace tributary::inventory {

// The attributes of an element, while it begins.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** attributes) : attributes_(attributes) {}
  // By name without prefix, one that is written without it first; empty where it is absent.
  std::string_view operator[](std::string_view name) const;

 private:
  const char** attributes_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  // `path` holds the names of the elements around it and its own, all without prefixes.
  virtual absl::Status Start(const std::vector<std::string>& path, const XmlAttributes& attributes) = 0;
  virtual absl::Status End(const std::vector<std::string>& path) = 0;
  virtual void Text(std::string_view text) = 0;
};

// A document that comes in pieces. INVALID_FIELD "file" with `name`, line and column where it is not well-formed.
class XmlParser {
 public:
  XmlParser(std::string name, XmlHandler& handler);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  absl::Status Parse(std::string_view piece);
  absl::Status Finish();

 private:
  struct Callbacks;
  absl::Status ParsePiece(std::string_view piece, bool last);

  const std::string name_;
  XmlHandler& handler_;
  void* parser_;  // XML_Parser
  std::vector<std::string> path_;
  absl::Status status_;  // of the handler
  size_t unseen_ = 0;    // bytes since anything was told
};

}  // namespace tributary::inventory
