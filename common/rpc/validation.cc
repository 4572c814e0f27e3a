#include "common/rpc/validation.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/rpc/field_rules.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/date.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/decimal.pb.h"
#include "google/type/money.pb.h"

namespace tributary::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// More would not fit into an answer's metadata, and nobody reads them.
constexpr size_t kMostViolations = 100;

constexpr absl::int128 kNanosPerUnit = 1000000000;

bool IsCode(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F && c != '/'; });
}

bool IsSha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
}

// Looks the zone up on disk before absl::LoadTimeZone does, which remembers every name it was ever asked for.
bool IsTimeZone(std::string_view text) {
  if (text == "UTC") return true;
  if (text.size() > 64 || text.find('/') == std::string_view::npos || !absl::ascii_isupper(text[0])) return false;
  for (char c : text) {
    if (!absl::ascii_isalnum(c) && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  const char* const folder = std::getenv("TZDIR");
  std::error_code error;
  const std::filesystem::path root = folder != nullptr ? folder : "/usr/share/zoneinfo";
  return std::filesystem::is_regular_file(root / text, error) &&
         absl::LoadTimeZone(std::string(text), std::make_unique<absl::TimeZone>().get());
}

// What a code in the place of a currency is to be, in words; empty where it is.
std::string_view CurrencyMiss(std::string_view code, bool points) {
  if (code == kPoints ? points : CurrencyExponent(code).has_value()) return "";
  return points ? "an ISO 4217 currency code like CNY, or PTS for points" : "an ISO 4217 currency code like CNY";
}

// What the format wants, in words; empty where `text` has it.
std::string_view FormatMiss(api::v1::Format format, std::string_view text, bool points) {
  switch (format) {
    case api::v1::UUID:
      return Uuid::Parse(text).ok() ? "" : "a UUID like 0190163d-8694-739b-aea5-966c26f8ad91";
    case api::v1::CURRENCY_CODE:
      return CurrencyMiss(text, points);
    case api::v1::RESOURCE_ID:
      return IsResourceId(text) ? "" : "1 to 63 characters of a-z, 0-9 and '-', no '-' at either end";
    case api::v1::SHA256:
      return IsSha256(text) ? "" : "64 lower-case hexadecimal digits";
    case api::v1::TIME_ZONE:
      return IsTimeZone(text) ? "" : "an IANA time zone like Asia/Shanghai";
    case api::v1::CODE:
      return IsCode(text) ? "" : "a code of 1 to 64 printable ASCII characters without space and '/'";
    case api::v1::LINE:
      return IsOneLine(text) ? "" : "one line without control characters";
    default:
      return "";
  }
}

// The place of the field being looked at; a path costs nothing until a violation asks for it.
struct Place {
  const Place* outer = nullptr;
  std::string_view name;
  int index = -1;

  std::string Path() const {
    std::string path = outer != nullptr && !outer->name.empty() ? StrCat(outer->Path(), ".", name) : std::string(name);
    if (index >= 0) StrAppend(&path, "[", index, "]");
    return path;
  }
};

// Which fields of the resource of an Update request its mask names.
class Mask {
 public:
  explicit Mask(const google::protobuf::FieldMask& mask) : mask_(mask) {}
  bool empty() const { return mask_.paths().empty(); }
  // Whether setting what the mask names sets the whole of `path`.
  bool Covers(std::string_view path) const {
    return std::any_of(mask_.paths().begin(), mask_.paths().end(), [path](std::string_view named) {
      return named == "*" || path == named || (path.starts_with(named) && path[named.size()] == '.');
    });
  }

 private:
  const google::protobuf::FieldMask& mask_;
};

class Checker {
 public:
  void CheckMessage(Message& message, const MessagePlan& plan, const Place& place) {
    const Reflection& reflection = *message.GetReflection();
    for (const FieldPlan& field : plan.fields) {
      const Place here{&place, field.name()};
      if (field.output_only) {
        reflection.ClearField(&message, field.field);
      } else if (field.repeated) {
        CheckRepeated(message, reflection, field, here);
      } else if (field.subject) {
        CheckSubject(message, reflection, plan, field, here);
      } else {
        CheckSingular(message, reflection, field, here);
      }
    }
  }

  absl::Status Result() && {
    if (violations_.empty()) return absl::OkStatus();
    return InvalidFields(std::move(violations_));
  }

 private:
  void Miss(const Place& place, std::string got, std::string_view want) {
    if (violations_.size() < kMostViolations) violations_.push_back({place.Path(), std::move(got), std::string(want)});
  }

  // Whether an empty field is missing here. `mask_root_` is set while the resource of an Update request is looked at.
  bool Wanted(const FieldPlan& field, const Place& place) const {
    if (mask_ == nullptr || &place == mask_root_) return field.required;
    if (field.identifier && place.outer == mask_root_) return true;
    if (!field.required) return false;
    const std::string path = place.Path().substr(mask_root_->Path().size() + 1);
    // Elements are given whole, whether the mask names their field or, where it is empty, everything that is set.
    const size_t element = path.find('[');
    if (element == std::string::npos) return mask_->Covers(path);
    return mask_->empty() || mask_->Covers(std::string_view(path).substr(0, element));
  }

  void CheckSubject(Message& message, const Reflection& reflection, const MessagePlan& plan, const FieldPlan& field,
                    const Place& here) {
    const auto& paths =
        static_cast<const google::protobuf::FieldMask&>(reflection.GetMessage(message, plan.update_mask));
    for (int i = 0; i < paths.paths_size(); ++i) {
      const auto fixed = std::find_if(field.message->fields.begin(), field.message->fields.end(),
                                      [&](const FieldPlan& f) { return f.fixed && f.name() == paths.paths(i); });
      if (fixed == field.message->fields.end()) continue;
      Miss(Place{here.outer, StrCat(plan.update_mask->name(), ".paths"), i}, paths.paths(i),
           "fields that may change; this one never does");
    }
    const Mask mask(paths);
    mask_ = &mask;
    mask_root_ = &here;
    CheckSingular(message, reflection, field, here);
    mask_ = nullptr;
    mask_root_ = nullptr;
  }

  void CheckRepeated(Message& message, const Reflection& reflection, const FieldPlan& field, const Place& here) {
    const int count = reflection.FieldSize(message, field.field);
    if (count == 0 && Wanted(field, here)) return Miss(here, "nothing", "at least one element; the field is required");
    if (count < field.min_items && (count > 0 || (mask_ == nullptr && field.min_items > 0))) {
      return Miss(here, StrCat(count, " elements"), StrCat("at least ", field.min_items));
    }
    // Too many are not looked at one by one.
    if (count > field.max_items) {
      return Miss(here, StrCat(count, " elements"), StrCat("at most ", field.max_items));
    }
    if (field.rows) return;
    for (int i = 0; i < count; ++i) {
      const Place element{here.outer, here.name, i};
      switch (field.kind) {
        case FieldKind::kInteger:
          CheckInteger(RepeatedInteger(message, reflection, field, i), field, element);
          break;
        case FieldKind::kEnum:
          CheckEnum(reflection.GetRepeatedEnumValue(message, field.field, i), field, element);
          break;
        case FieldKind::kText:
        case FieldKind::kBytes: {
          std::string scratch;
          const std::string& text = reflection.GetRepeatedStringReference(message, field.field, i, &scratch);
          if (text.empty()) {
            Miss(element, "an empty text", "a text");
          } else {
            CheckText(text, field, element);
          }
          break;
        }
        case FieldKind::kPlain:
          break;
        default:
          CheckValue(*reflection.MutableRepeatedMessage(&message, field.field, i), field, element);
      }
    }
  }

  void CheckSingular(Message& message, const Reflection& reflection, const FieldPlan& field, const Place& here) {
    const bool set = reflection.HasField(message, field.field);  // without presence: not zero, not empty
    if (!set && (field.required || field.identifier) && Wanted(field, here)) {
      return Miss(here, "nothing", "a value; the field is required");
    }
    switch (field.kind) {
      case FieldKind::kInteger:
        if (set || (!field.presence && mask_ == nullptr))
          CheckInteger(Integer(message, reflection, field), field, here);
        return;
      case FieldKind::kEnum:
        if (set) CheckEnum(reflection.GetEnumValue(message, field.field), field, here);
        return;
      case FieldKind::kText:
      case FieldKind::kBytes: {
        if (!set) return;
        std::string scratch;
        CheckText(reflection.GetStringReference(message, field.field, &scratch), field, here);
        return;
      }
      case FieldKind::kPlain:
      case FieldKind::kOpaque:
        return;
      default:
        if (set) CheckValue(*reflection.MutableMessage(&message, field.field), field, here);
    }
  }

  void CheckValue(Message& value, const FieldPlan& field, const Place& here) {
    switch (field.kind) {
      case FieldKind::kMessage:
        return CheckMessage(value, *field.message, here);
      case FieldKind::kDate:
        return CheckDate(static_cast<const google::type::Date&>(value), here);
      case FieldKind::kMoney:
        return CheckMoney(static_cast<const google::type::Money&>(value), field, here);
      case FieldKind::kDecimal:
        return CheckDecimal(static_cast<const google::type::Decimal&>(value), field, here);
      case FieldKind::kTimestamp:
        return CheckTimestamp(static_cast<const google::protobuf::Timestamp&>(value), here);
      default:
        return;
    }
  }

  static absl::int128 Integer(const Message& message, const Reflection& reflection, const FieldPlan& field) {
    switch (field.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.GetInt32(message, field.field);
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.GetUInt32(message, field.field);
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection.GetUInt64(message, field.field);
      default:
        return reflection.GetInt64(message, field.field);
    }
  }

  static absl::int128 RepeatedInteger(const Message& message, const Reflection& reflection, const FieldPlan& field,
                                      int i) {
    switch (field.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.GetRepeatedInt32(message, field.field, i);
      case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.GetRepeatedUInt32(message, field.field, i);
      case FieldDescriptor::CPPTYPE_UINT64:
        return reflection.GetRepeatedUInt64(message, field.field, i);
      default:
        return reflection.GetRepeatedInt64(message, field.field, i);
    }
  }

  void CheckInteger(absl::int128 value, const FieldPlan& field, const Place& here) {
    const auto got = [value] {
      return value < 0 ? StrCat(static_cast<int64_t>(value)) : StrCat(static_cast<uint64_t>(value));
    };
    if (field.min_value && value < *field.min_value) {
      Miss(here, got(), StrCat("at least ", *field.min_value));
    } else if (field.max_value && value > *field.max_value) {
      Miss(here, got(), StrCat("at most ", *field.max_value));
    }
  }

  void CheckEnum(int number, const FieldPlan& field, const Place& here) {
    const auto& type = *field.field->enum_type();
    if (type.FindValueByNumber(number) != nullptr && !(field.repeated && number == 0)) return;
    std::string want = "one of ";
    for (int i = 0, listed = 0; i < type.value_count(); ++i) {
      if (type.value(i)->number() != 0) StrAppend(&want, listed++ == 0 ? "" : ", ", type.value(i)->name());
    }
    Miss(here, StrCat(number), want);
  }

  void CheckText(const std::string& text, const FieldPlan& field, const Place& here) {
    int64_t length = 0;
    if (field.kind == FieldKind::kBytes) {
      length = static_cast<int64_t>(text.size());
    } else {
      for (std::string_view rest = text; !rest.empty(); ++length) {
        // A run of ASCII, as most texts are, goes byte by byte.
        const size_t size = static_cast<unsigned char>(rest[0]) < 0x80 ? 1 : Utf8SequenceLength(rest);
        if (size == 0) return Miss(here, Printable(text), "valid UTF-8");
        rest.remove_prefix(size);
      }
    }
    if (length < field.min_length) {
      Miss(here, StrCat(length, " characters"), StrCat("at least ", field.min_length, " characters"));
    } else if (length > field.max_length) {
      Miss(here, StrCat(length, " characters"), StrCat("at most ", field.max_length, " characters"));
    } else if (const std::string_view want = FormatMiss(field.format, text, field.points); !want.empty()) {
      Miss(here, Printable(text), want);
    } else if (!field.patterns.empty() &&
               std::none_of(field.patterns.begin(), field.patterns.end(),
                            [&](const std::string& pattern) { return ParseResourceName(text, pattern).ok(); })) {
      Miss(here, Printable(text), StrCat("a name of the form ", StrJoin(field.patterns, " or ")));
    }
  }

  void CheckDate(const google::type::Date& date, const Place& here) {
    if (Date::FromYmd(date.year(), date.month(), date.day()).ok()) return;
    Miss(here, StrCat(date.year(), "-", date.month(), "-", date.day()),
         "a day of the calendar from 1900-01-01 to 9999-12-31");
  }

  void CheckMoney(const google::type::Money& money, const FieldPlan& field, const Place& here) {
    if (const std::string_view want = CurrencyMiss(money.currency_code(), field.points); !want.empty()) {
      Miss(Place{&here, "currency_code"},
           money.currency_code().empty() ? std::string("nothing") : Printable(money.currency_code()), want);
    }
    const Place nanos{&here, "nanos"};
    if (money.nanos() <= -kNanosPerUnit || money.nanos() >= kNanosPerUnit) {
      return Miss(nanos, StrCat(money.nanos()), "from -999999999 to 999999999");
    }
    if ((money.units() > 0 && money.nanos() < 0) || (money.units() < 0 && money.nanos() > 0)) {
      return Miss(nanos, StrCat(money.nanos()), "the sign of units");
    }
    constexpr int kNanosPerMicro = 1000;
    if (money.nanos() % kNanosPerMicro != 0) return MissScale(nanos, StrCat(money.nanos()), field);
    const Decimal amount =
        Decimal::FromMicros(absl::int128(money.units()) * Decimal::kUnit + money.nanos() / kNanosPerMicro);
    if (amount.scale() > field.max_scale) return MissScale(nanos, StrCat(money.nanos()), field);
    CheckRange(amount, field, here);
  }

  void CheckDecimal(const google::type::Decimal& decimal, const FieldPlan& field, const Place& here) {
    const absl::StatusOr<Decimal> value = Decimal::Parse(decimal.value());
    if (!value.ok()) {
      return Miss(here, decimal.value().empty() ? std::string("nothing") : Printable(decimal.value()),
                  "a plain decimal number like 1234.5, with at most 6 decimals and no exponent");
    }
    if (value->scale() > field.max_scale) return MissScale(here, decimal.value(), field);
    CheckRange(*value, field, here);
  }

  void MissScale(const Place& here, std::string got, const FieldPlan& field) {
    Miss(here, std::move(got),
         field.max_scale == 0 ? std::string("a whole number")
                              : StrCat("at most ", field.max_scale, " digits after the decimal point"));
  }

  void CheckRange(Decimal value, const FieldPlan& field, const Place& here) {
    if (field.min_decimal && value < *field.min_decimal) {
      Miss(here, value.ToString(), StrCat("at least ", field.min_decimal->ToString()));
    } else if (field.max_decimal && value > *field.max_decimal) {
      Miss(here, value.ToString(), StrCat("at most ", field.max_decimal->ToString()));
    }
  }

  void CheckTimestamp(const google::protobuf::Timestamp& time, const Place& here) {
    constexpr int64_t kFirst = -62135596800;  // 0001-01-01T00:00:00Z
    constexpr int64_t kLast = 253402300799;   // 9999-12-31T23:59:59Z
    if (time.seconds() < kFirst || time.seconds() > kLast) {
      Miss(Place{&here, "seconds"}, StrCat(time.seconds()), "an instant of the years 1 to 9999");
    }
    if (time.nanos() < 0 || time.nanos() >= kNanosPerUnit) {
      Miss(Place{&here, "nanos"}, StrCat(time.nanos()), "from 0 to 999999999");
    }
  }

  std::vector<FieldViolation> violations_;
  const Mask* mask_ = nullptr;
  const Place* mask_root_ = nullptr;
};

}  // namespace

absl::Status Validate(Message& request) {
  Checker checker;
  checker.CheckMessage(request, PlanOf(*request.GetDescriptor()), Place{});
  return std::move(checker).Result();
}

}  // namespace tributary::rpc
