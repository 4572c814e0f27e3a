#include "inventory-service/formats/xml.h"

#include <expat.h>

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr size_t kDeepest = 64;
// Expat reads a token that is not complete from its beginning with every piece, so that a long one costs its square.
constexpr size_t kLongestToken = 1 << 20;

std::string_view WithoutPrefix(std::string_view name) {
  const size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

XML_Parser Handle(void* parser) { return static_cast<XML_Parser>(parser); }

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  std::string_view prefixed;
  for (const char** at = attributes_; *at != nullptr; at += 2) {
    const std::string_view full = at[0];
    if (full == name) return at[1];
    if (WithoutPrefix(full) == name) prefixed = at[1];
  }
  return prefixed;
}

struct XmlParser::Callbacks {
  static void Stop(XmlParser& self, absl::Status status) {
    if (self.status_.ok()) self.status_ = std::move(status);
    XML_StopParser(Handle(self.parser_), XML_FALSE);
  }
  static void Start(void* user, const char* name, const char** attributes) {
    XmlParser& self = *static_cast<XmlParser*>(user);
    self.unseen_ = 0;
    if (!self.status_.ok()) return;
    self.path_.emplace_back(WithoutPrefix(name));
    if (self.path_.size() > kDeepest) {
      return Stop(self, InvalidField("file", StrCat(self.name_, " nested deeper than ", kDeepest), "a workbook"));
    }
    if (absl::Status status = self.handler_.Start(self.path_, XmlAttributes(attributes)); !status.ok())
      Stop(self, std::move(status));
  }
  static void End(void* user, const char*) {
    XmlParser& self = *static_cast<XmlParser*>(user);
    self.unseen_ = 0;
    if (!self.status_.ok()) return;
    if (absl::Status status = self.handler_.End(self.path_); !status.ok()) return Stop(self, std::move(status));
    self.path_.pop_back();
  }
  static void Text(void* user, const char* text, int size) {
    XmlParser& self = *static_cast<XmlParser*>(user);
    self.unseen_ = 0;
    if (self.status_.ok()) self.handler_.Text(std::string_view(text, static_cast<size_t>(size)));
  }
  static void Doctype(void* user, const char*, const char*, const char*, int) {
    XmlParser& self = *static_cast<XmlParser*>(user);
    Stop(self, InvalidField("file", StrCat("a document type in ", self.name_), "none: entities are not read"));
  }
};

XmlParser::XmlParser(std::string name, XmlHandler& handler)
    : name_(std::move(name)), handler_(handler), parser_(XML_ParserCreate(nullptr)) {
  XML_SetUserData(Handle(parser_), this);
  XML_SetElementHandler(Handle(parser_), &Callbacks::Start, &Callbacks::End);
  XML_SetCharacterDataHandler(Handle(parser_), &Callbacks::Text);
  XML_SetStartDoctypeDeclHandler(Handle(parser_), &Callbacks::Doctype);
  XML_SetParamEntityParsing(Handle(parser_), XML_PARAM_ENTITY_PARSING_NEVER);
}

XmlParser::~XmlParser() { XML_ParserFree(Handle(parser_)); }

absl::Status XmlParser::Parse(std::string_view piece) { return ParsePiece(piece, false); }
absl::Status XmlParser::Finish() { return ParsePiece({}, true); }

absl::Status XmlParser::ParsePiece(std::string_view piece, bool last) {
  unseen_ += piece.size();
  if (unseen_ > kLongestToken) {
    return InvalidField("file", StrCat(name_, " with more than ", kLongestToken, " bytes that say nothing"),
                        "a workbook");
  }
  const XML_Status result =
      XML_Parse(Handle(parser_), piece.data(), static_cast<int>(piece.size()), last ? XML_TRUE : XML_FALSE);
  RETURN_IF_ERROR(status_);
  if (result == XML_STATUS_OK) return absl::OkStatus();
  return InvalidField(
      "file",
      StrCat(name_, ", line ", XML_GetCurrentLineNumber(Handle(parser_)), ", column ",
             XML_GetCurrentColumnNumber(Handle(parser_)) + 1, ": ", XML_ErrorString(XML_GetErrorCode(Handle(parser_)))),
      "well-formed XML");
}

}  // namespace tributary::inventory
