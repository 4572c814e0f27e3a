#include "common/json/json_scan.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// -1 where `c` is no hexadecimal digit.
int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(uint32_t code, std::string* out) {
  const auto put = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// The keys of one object so far. Few keys are compared one by one; many go through a hash.
class Keys {
 public:
  bool AddNew(const std::vector<JsonMember>& members, const std::string& key) {
    constexpr size_t kFew = 16;
    if (members.size() < kFew) {
      return std::none_of(members.begin(), members.end(), [&](const auto& member) { return member.key == key; });
    }
    if (many_.empty()) {
      for (const auto& member : members) many_.insert(member.key);
    }
    return many_.insert(key).second;
  }

 private:
  std::unordered_set<std::string> many_;
};

class Scanner {
 public:
  Scanner(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  absl::StatusOr<JsonValue> Run() {
    JsonValue value;
    SkipSpace();
    RETURN_IF_ERROR(Value(0, &value));
    SkipSpace();
    if (at_ != text_.size()) return Refused(Next(), "nothing behind the value");
    return value;
  }

 private:
  absl::Status Value(int depth, JsonValue* value) {
    if (++values_ > limits_.max_values) return Refused("more", StrCat("at most ", limits_.max_values, " values"));
    if (at_ == text_.size()) return Refused("the end of the text", "a value");
    switch (text_[at_]) {
      case '{':
        return Object(depth + 1, value);
      case '[':
        return Array(depth + 1, value);
      case '"':
        return String(value);
      case 't':
        return Word("true", JsonValue::Kind::kBool, value);
      case 'f':
        return Word("false", JsonValue::Kind::kBool, value);
      case 'n':
        return Word("null", JsonValue::Kind::kNull, value);
      default:
        return Number(value);
    }
  }

  absl::Status Object(int depth, JsonValue* value) {
    if (depth > limits_.max_depth) return TooDeep();
    value->kind = JsonValue::Kind::kObject;
    ++at_;
    SkipSpace();
    if (Take('}')) return absl::OkStatus();
    Keys keys;
    const size_t path_size = path_.size();
    while (true) {
      if (at_ == text_.size() || text_[at_] != '"') return Refused(Next(), "a key in double quotation marks");
      std::string_view key_token;
      std::string key;
      RETURN_IF_ERROR(Text(&key_token, &key));
      if (!path_.empty()) path_ += '.';
      path_ += Printable(key, 64);
      if (!keys.AddNew(value->members, key)) return Refused("the same key twice", "each key once");
      SkipSpace();
      if (!Take(':')) return Refused(Next(), "':' behind the key");
      SkipSpace();
      value->members.push_back({std::move(key), {}});
      RETURN_IF_ERROR(Value(depth, &value->members.back().value));
      path_.resize(path_size);
      SkipSpace();
      if (Take('}')) return absl::OkStatus();
      if (!Take(',')) return Refused(Next(), "',' or '}'");
      SkipSpace();
    }
  }

  absl::Status Array(int depth, JsonValue* value) {
    if (depth > limits_.max_depth) return TooDeep();
    value->kind = JsonValue::Kind::kArray;
    ++at_;
    SkipSpace();
    if (Take(']')) return absl::OkStatus();
    const size_t path_size = path_.size();
    while (true) {
      StrAppend(&path_, "[", value->items.size(), "]");
      RETURN_IF_ERROR(Value(depth, &value->items.emplace_back()));
      path_.resize(path_size);
      SkipSpace();
      if (Take(']')) return absl::OkStatus();
      if (!Take(',')) return Refused(Next(), "',' or ']'");
      SkipSpace();
    }
  }

  absl::Status Word(std::string_view word, JsonValue::Kind kind, JsonValue* value) {
    if (text_.substr(at_, word.size()) != word) return Refused(Next(), "a value");
    value->kind = kind;
    value->token = text_.substr(at_, word.size());
    at_ += word.size();
    return absl::OkStatus();
  }

  absl::Status Number(JsonValue* value) {
    const size_t start = at_;
    const auto digits = [this] {
      const size_t first = at_;
      while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
      return at_ > first;
    };
    Take('-');
    if (at_ < text_.size() && text_[at_] == '0') {
      ++at_;
      if (at_ < text_.size() && IsDigit(text_[at_])) return Refused("a number with a leading 0", "one without");
    } else if (!digits()) {
      return Refused(Next(), at_ == start ? "a value" : "a digit");
    }
    if (Take('.') && !digits()) return Refused(Next(), "a digit");
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (!Take('-')) Take('+');
      if (!digits()) return Refused(Next(), "a digit");
    }
    value->kind = JsonValue::Kind::kNumber;
    value->token = text_.substr(start, at_ - start);
    if (value->token.size() > limits_.max_number_length) {
      return Refused(StrCat("a number of ", value->token.size(), " characters"),
                     StrCat("at most ", limits_.max_number_length));
    }
    return absl::OkStatus();
  }

  absl::Status String(JsonValue* value) {
    value->kind = JsonValue::Kind::kString;
    return Text(&value->token, &value->text);
  }

  absl::Status Text(std::string_view* token, std::string* out) {
    const size_t start = at_++;
    while (true) {
      if (at_ == text_.size()) return Refused("the end of the text", "'\"' at the end of the string");
      const char c = text_[at_];
      if (c == '"') break;
      if (c == '\\') {
        RETURN_IF_ERROR(Escape(out));
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x20) return Refused(Next(), "control characters as \\uXXXX");
      const size_t length = Utf8SequenceLength(text_.substr(at_, 4));
      if (length == 0) return Refused(Next(), "valid UTF-8");
      out->append(text_, at_, length);
      at_ += length;
    }
    ++at_;
    *token = text_.substr(start, at_ - start);
    return absl::OkStatus();
  }

  absl::Status Escape(std::string* out) {
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    ++at_;
    if (at_ == text_.size()) return Refused("the end of the text", "an escape");
    if (text_[at_] != 'u') {
      const size_t found = kFrom.find(text_[at_]);
      if (found == std::string_view::npos) return Refused(Next(), "one of \"\\/bfnrtu behind \\");
      out->push_back(kTo[found]);
      ++at_;
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(uint32_t code, HexDigits());
    if (code >= 0xDC00 && code <= 0xDFFF) return Refused("a low surrogate alone", "a pair");
    if (code >= 0xD800 && code <= 0xDBFF) {
      if (text_.substr(at_, 2) != "\\u") return Refused("a high surrogate alone", "a pair");
      ++at_;
      ASSIGN_OR_RETURN(const uint32_t low, HexDigits());
      if (low < 0xDC00 || low > 0xDFFF) return Refused("a high surrogate alone", "a pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendUtf8(code, out);
    return absl::OkStatus();
  }

  // The four digits behind the 'u' here.
  absl::StatusOr<uint32_t> HexDigits() {
    ++at_;
    uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = at_ < text_.size() ? HexValue(text_[at_]) : -1;
      if (digit < 0) return Refused(Next(), "four hexadecimal digits behind \\u");
      code = code * 16 + static_cast<uint32_t>(digit);
    }
    return code;
  }

  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool Take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // What stands here, for people.
  std::string Next() const {
    return at_ == text_.size() ? "the end of the text" : StrCat("'", Printable(text_.substr(at_, 64), 12), "'");
  }

  absl::Status TooDeep() const { return Refused("deeper nesting", StrCat("at most ", limits_.max_depth, " levels")); }

  absl::Status Refused(std::string_view got, std::string_view want) const {
    const std::string_view before = text_.substr(0, at_);
    const size_t line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
    const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const size_t column = at_ - line_start + 1;
    return WithDetail(absl::StatusCode::kInvalidArgument,
                      StrCat("JSON, line ", line, ", column ", column, path_.empty() ? "" : StrCat(" (", path_, ")"),
                             ": got ", got, ", want ", want),
                      {.reason = Reason::kMalformedJson,
                       .metadata = {{"line", StrCat(line)}, {"column", StrCat(column)}},
                       .violations = {{path_, std::string(got), std::string(want)}}});
  }

  const std::string_view text_;
  const JsonLimits limits_;
  size_t at_ = 0;
  size_t values_ = 0;
  std::string path_;  // of the value being read: "partner.trade_names[2]"
};

}  // namespace

std::string_view NameOf(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBool:
      return "a truth value";
    case JsonValue::Kind::kNumber:
      return "a number";
    case JsonValue::Kind::kString:
      return "a text";
    case JsonValue::Kind::kArray:
      return "an array";
    case JsonValue::Kind::kObject:
      return "an object";
  }
  return "";
}

absl::StatusOr<JsonValue> ScanJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error(Reason::kPayloadTooLarge, StrCat("got ", text.size(), " bytes, want at most ", limits.max_bytes));
  }
  return Scanner(text, limits).Run();
}

}  // namespace tributary
