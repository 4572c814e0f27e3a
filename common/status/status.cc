#include "common/status/status.h"

#include <algorithm>
#include <unordered_map>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"

namespace tributary {
namespace {

constexpr char kPayloadUrl[] = "tributary/error-detail";

// kRequestIdReused -> REQUEST_ID_REUSED.
std::string WireName(std::string_view enumerator) {
  std::string name;
  for (char c : enumerator.substr(1)) {
    if (absl::ascii_isupper(c) && !name.empty()) name += '_';
    name += absl::ascii_toupper(c);
  }
  return name;
}

struct Entry {
  Reason reason;
  std::string_view enumerator;
  absl::StatusCode code;
  std::string_view en;
  std::string_view zh;
};

constexpr Entry kEntries[] = {
#define TRIBUTARY_REASON(name, code, en, zh) {Reason::name, #name, absl::StatusCode::code, en, zh},
#include "common/status/reasons.inc"
#undef TRIBUTARY_REASON
};

// The registry with its names made once; lives as long as the process.
struct Registry {
  std::vector<std::string> names;
  std::vector<ReasonInfo> infos;
  std::unordered_map<std::string_view, Reason> by_name;

  Registry() {
    names.reserve(std::size(kEntries));
    for (const Entry& entry : kEntries) {
      names.push_back(WireName(entry.enumerator));
      infos.push_back({entry.reason, names.back(), entry.code, entry.en, entry.zh});
      by_name[names.back()] = entry.reason;
    }
  }
};

const Registry& TheRegistry() {
  static const Registry* const registry = new Registry;
  return *registry;
}

// The payload: each string as its length (4 bytes, little endian) and its bytes, each count as such a number.
class Encoder {
 public:
  void Number(uint64_t value, int bytes = 4) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xFF);
  }
  void Text(std::string_view text) {
    Number(text.size());
    out_ += text;
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view in) : in_(in) {}
  uint64_t Number(int bytes = 4) {
    if (in_.size() < static_cast<size_t>(bytes)) return Fail();
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= static_cast<uint64_t>(static_cast<unsigned char>(in_[i])) << (8 * i);
    in_.remove_prefix(bytes);
    return value;
  }
  std::string Text() {
    const size_t size = Number();
    if (in_.size() < size) {
      Fail();
      return {};
    }
    std::string text(in_.substr(0, size));
    in_.remove_prefix(size);
    return text;
  }
  bool ok() const { return ok_; }

 private:
  uint64_t Fail() {
    ok_ = false;
    in_ = {};
    return 0;
  }
  std::string_view in_;
  bool ok_ = true;
};

std::string Encode(const ErrorDetail& detail) {
  Encoder out;
  out.Text(NameOf(detail.reason));
  out.Number(detail.metadata.size());
  for (const auto& [key, value] : detail.metadata) {
    out.Text(key);
    out.Text(value);
  }
  out.Number(detail.violations.size());
  for (const FieldViolation& violation : detail.violations) {
    out.Text(violation.field);
    out.Text(violation.got);
    out.Text(violation.want);
  }
  out.Number(detail.preconditions.size());
  for (const std::string& precondition : detail.preconditions) out.Text(precondition);
  out.Number(detail.retry_after.has_value());
  if (detail.retry_after) out.Number(static_cast<uint64_t>(absl::ToInt64Nanoseconds(*detail.retry_after)), 8);
  return out.Take();
}

std::optional<ErrorDetail> Decode(std::string_view payload) {
  Decoder in(payload);
  ErrorDetail detail;
  detail.reason = ReasonFromName(in.Text());
  for (uint64_t n = in.Number(); n > 0 && in.ok(); --n) {
    std::string key = in.Text();
    detail.metadata.emplace_back(std::move(key), in.Text());
  }
  for (uint64_t n = in.Number(); n > 0 && in.ok(); --n) {
    FieldViolation violation;
    violation.field = in.Text();
    violation.got = in.Text();
    violation.want = in.Text();
    detail.violations.push_back(std::move(violation));
  }
  for (uint64_t n = in.Number(); n > 0 && in.ok(); --n) detail.preconditions.push_back(in.Text());
  if (in.Number() != 0) detail.retry_after = absl::Nanoseconds(static_cast<int64_t>(in.Number(8)));
  if (!in.ok()) return std::nullopt;
  return detail;
}

std::string MessageOf(const std::vector<FieldViolation>& violations) {
  std::string message;
  for (const FieldViolation& violation : violations) {
    if (!message.empty()) message += "; ";
    if (!violation.field.empty()) StrAppend(&message, violation.field, ": ");
    StrAppend(&message, "got '", violation.got, "', want ", violation.want);
  }
  return message;
}

}  // namespace

const std::vector<ReasonInfo>& AllReasons() { return TheRegistry().infos; }

const ReasonInfo& InfoOf(Reason reason) {
  static constexpr ReasonInfo kNone = {Reason::kUnspecified, "REASON_UNSPECIFIED", absl::StatusCode::kUnknown, "", ""};
  const auto index = static_cast<size_t>(reason);
  const std::vector<ReasonInfo>& infos = TheRegistry().infos;
  return index >= 1 && index <= infos.size() ? infos[index - 1] : kNone;
}

std::string_view NameOf(Reason reason) { return InfoOf(reason).name; }

Reason ReasonFromName(std::string_view name) {
  const auto& by_name = TheRegistry().by_name;
  const auto found = by_name.find(name);
  return found == by_name.end() ? Reason::kUnspecified : found->second;
}

absl::Status Error(Reason reason, std::string_view message, std::vector<std::pair<std::string, std::string>> metadata) {
  ErrorDetail detail;
  detail.reason = reason;
  detail.metadata = std::move(metadata);
  return WithDetail(InfoOf(reason).code, message, detail);
}

absl::Status InvalidFields(std::vector<FieldViolation> violations) {
  ErrorDetail detail;
  detail.reason = Reason::kInvalidField;
  detail.violations = std::move(violations);
  for (FieldViolation& violation : detail.violations) violation.got = Printable(violation.got);
  return WithDetail(absl::StatusCode::kInvalidArgument, MessageOf(detail.violations), detail);
}

absl::Status InvalidField(std::string_view field, std::string_view got, std::string_view want) {
  // Cut before copying: what is not as it must be may also be very long.
  return InvalidFields({{std::string(field), Printable(got), std::string(want)}});
}

absl::Status NotFound(std::string_view resource_name) {
  const std::string name = Printable(resource_name, 300);
  return Error(Reason::kNotFound, StrCat("there is no ", name), {{"resource", name}});
}

absl::Status AlreadyExists(std::string_view resource_name) {
  const std::string name = Printable(resource_name, 300);
  return Error(Reason::kAlreadyExists, StrCat(name, " exists already"), {{"resource", name}});
}

absl::Status WrongState(std::string_view resource_name, std::string_view verb, std::string_view got,
                        std::string_view want) {
  const std::string name = Printable(resource_name, 300);
  ErrorDetail detail;
  detail.reason = Reason::kStateConflict;
  detail.metadata = {{"resource", name}, {"verb", std::string(verb)}, {"state", std::string(got)}};
  detail.preconditions = {StrCat(name, ": state must be ", want, " to ", verb, ", and is ", got)};
  return WithDetail(absl::StatusCode::kFailedPrecondition,
                    StrCat("cannot ", verb, " ", name, ": got state ", got, ", want ", want), detail);
}

absl::Status SecondPersonRequired(std::string_view resource_name, std::string_view got, std::string_view to_do) {
  const std::string name = Printable(resource_name, 300);
  return Error(Reason::kSecondPersonRequired, StrCat(name, ": got ", got, ", want somebody else to ", to_do),
               {{"resource", name}});
}

absl::Status StaleEtag(std::string_view resource_name, std::string_view got, std::string_view want) {
  const std::string name = Printable(resource_name, 300);
  const std::string given = Printable(got);
  return Error(Reason::kEtagMismatch,
               StrCat(name, " has changed: got etag ", given, ", want ", want, "; read it again"),
               {{"resource", name}, {"got", given}, {"want", std::string(want)}});
}

absl::Status WithDetail(absl::StatusCode code, std::string_view message, const ErrorDetail& detail) {
  absl::Status status(code, Abseil(message));
  if (!status.ok()) status.SetPayload(kPayloadUrl, absl::Cord(Encode(detail)));
  return status;
}

ErrorDetail DetailOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return {};
  return Decode(std::string(*payload)).value_or(ErrorDetail{});
}

Reason ReasonOf(const absl::Status& status) { return DetailOf(status).reason; }

absl::Status Annotate(const absl::Status& status, std::string_view prefix) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(), StrCat(prefix, ": ", status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) { annotated.SetPayload(url, payload); });
  return annotated;
}

absl::Status AtField(const absl::Status& status, std::string_view field) {
  ErrorDetail detail = DetailOf(status);
  if (detail.violations.empty()) return status;
  for (FieldViolation& violation : detail.violations) {
    const std::string_view joint = violation.field.empty() || violation.field.front() == '[' ? "" : ".";
    violation.field = StrCat(field, joint, violation.field);
  }
  return WithDetail(status.code(), MessageOf(detail.violations), detail);
}

}  // namespace tributary
