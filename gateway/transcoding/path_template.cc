#include "gateway/transcoding/path_template.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::gateway {
namespace {

constexpr size_t kMaxSegments = 64;

bool IsWord(std::string_view text, std::string_view also) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [also](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || also.find(c) != std::string_view::npos;
  });
}

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  absl::StatusOr<PathTemplate> Run() {
    std::string_view rest = text_;
    // A ':' may only begin the verb: neither literals nor field paths hold one.
    if (const size_t colon = rest.find(':'); colon != std::string_view::npos) {
      result_.verb = std::string(rest.substr(colon + 1));
      if (!IsWord(result_.verb, "_-")) return Refused("a verb");
      rest = rest.substr(0, colon);
    }
    if (rest.empty() || rest.front() != '/') return Refused("'/' at the start");
    rest.remove_prefix(1);
    while (true) {
      const bool variable = !rest.empty() && rest.front() == '{';
      const size_t end = variable ? rest.find('}') : std::min(rest.find('/'), rest.size());
      if (end == std::string_view::npos) return Refused("'}'");
      RETURN_IF_ERROR(variable ? Variable(rest.substr(1, end - 1)) : Segment(rest.substr(0, end)));
      rest.remove_prefix(variable ? end + 1 : end);
      if (rest.empty()) break;
      if (rest.front() != '/') return Refused("'/'");
      rest.remove_prefix(1);
    }
    for (size_t i = 0; i + 1 < result_.segments.size(); ++i) {
      if (result_.segments[i].kind == PathTemplate::Segment::Kind::kRest) return Refused("** at the end alone");
    }
    return std::move(result_);
  }

 private:
  absl::Status Variable(std::string_view text) {
    const size_t equals = text.find('=');
    PathTemplate::Variable variable;
    variable.field_path = std::string(text.substr(0, equals));
    if (!IsWord(variable.field_path, "_.")) return Refused("a field path");
    variable.first = result_.segments.size();
    std::string_view segments = equals == std::string_view::npos ? "*" : text.substr(equals + 1);
    while (true) {
      const size_t end = std::min(segments.find('/'), segments.size());
      RETURN_IF_ERROR(Segment(segments.substr(0, end)));
      if (end == segments.size()) break;
      segments.remove_prefix(end + 1);
    }
    variable.last = result_.segments.size();
    result_.variables.push_back(std::move(variable));
    return absl::OkStatus();
  }

  absl::Status Segment(std::string_view text) {
    using Kind = PathTemplate::Segment::Kind;
    if (text == "*") {
      result_.segments.push_back({Kind::kOne, ""});
    } else if (text == "**") {
      result_.segments.push_back({Kind::kRest, ""});
    } else if (IsWord(text, "_-.~")) {
      result_.segments.push_back({Kind::kLiteral, std::string(text)});
    } else {
      return Refused("segments of letters, digits and _-.~, * or **");
    }
    return absl::OkStatus();
  }

  absl::Status Refused(std::string_view want) const {
    return absl::FailedPreconditionError(StrCat("http rule: got ", text_, ", want ", want));
  }

  const std::string_view text_;
  PathTemplate result_;
};

}  // namespace

std::string PathTemplate::Shape() const {
  std::string shape;
  for (const Segment& segment : segments) {
    switch (segment.kind) {
      case Segment::Kind::kLiteral:
        StrAppend(&shape, "/", segment.literal);
        break;
      case Segment::Kind::kOne:
        shape += "/*";
        break;
      case Segment::Kind::kRest:
        shape += "/**";
        break;
    }
  }
  if (!verb.empty()) StrAppend(&shape, ":", verb);
  return shape;
}

absl::StatusOr<PathTemplate> ParsePathTemplate(std::string_view text) { return TemplateParser(text).Run(); }

absl::StatusOr<std::string> PercentDecode(std::string_view text, bool plus_is_space, std::string_view where) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const std::string_view digits = text.substr(i + 1, 2);
      if (digits.size() < 2 || !absl::ascii_isxdigit(static_cast<unsigned char>(digits[0])) ||
          !absl::ascii_isxdigit(static_cast<unsigned char>(digits[1]))) {
        return InvalidField(where, Printable(text.substr(i, 3)), "two hexadecimal digits behind %");
      }
      const auto value = [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c)) ? c - '0' : (c | 0x20) - 'a' + 10;
      };
      out += static_cast<char>(value(digits[0]) * 16 + value(digits[1]));
      i += 2;
    }
  }
  if (!IsUtf8(out)) return InvalidField(where, Printable(text), "UTF-8");
  if (out.find('\0') != std::string::npos) return InvalidField(where, Printable(text), "a text without NUL");
  return out;
}

absl::StatusOr<RequestPath> ParseRequestPath(std::string_view path) {
  if (path.empty() || path.front() != '/') return InvalidField("path", Printable(path), "'/' at the start");
  RequestPath result;
  // The verb is cut off before anything is decoded: a %3A belongs to its segment.
  const size_t last_slash = path.rfind('/');
  const size_t colon = path.rfind(':');
  if (colon != std::string_view::npos && colon > last_slash) {
    result.verb = std::string(path.substr(colon + 1));
    path = path.substr(0, colon);
  }
  path.remove_prefix(1);
  while (true) {
    const size_t end = std::min(path.find('/'), path.size());
    ASSIGN_OR_RETURN(std::string segment, PercentDecode(path.substr(0, end), false, "path"));
    if (segment.find('/') != std::string::npos) {
      return InvalidField("path", Printable(path.substr(0, end)), "no encoded '/': it could be taken for another name");
    }
    result.segments.push_back(std::move(segment));
    if (result.segments.size() > kMaxSegments) {
      return InvalidField("path", StrCat("more than ", kMaxSegments, " segments"), "fewer");
    }
    if (end == path.size()) break;
    path.remove_prefix(end + 1);
  }
  return result;
}

}  // namespace tributary::gateway
