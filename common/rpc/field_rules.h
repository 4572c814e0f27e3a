#pragma once

// The annotations of a message's fields, read once and kept as plain values, so that a check costs no look into a
// descriptor.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "google/protobuf/descriptor.h"
#include "tributary/api/v1/rules.pb.h"

namespace tributary::rpc {

struct MessagePlan;

// What kind of value a field holds, as far as checking goes.
enum class FieldKind { kPlain, kInteger, kEnum, kText, kBytes, kMessage, kDate, kMoney, kDecimal, kTimestamp, kOpaque };

// The rules of one field.
struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  FieldKind kind = FieldKind::kPlain;
  bool repeated = false;
  bool presence = false;  // singular, and unset differs from zero
  bool required = false;
  bool output_only = false;
  bool fixed = false;  // IMMUTABLE or IDENTIFIER: an update mask may not name it
  bool identifier = false;
  bool rows = false;     // rows of a batch: counted here, checked one by one by the handler
  bool subject = false;  // the resource of an Update request
  bool points = false;   // points may stand in the place of a currency
  api::v1::Format format = api::v1::FORMAT_UNSPECIFIED;
  int min_length = 0;
  int max_length = 0;
  int max_scale = 0;
  int min_items = 0;
  int max_items = 0;
  std::optional<int64_t> min_value;
  std::optional<int64_t> max_value;
  std::optional<Decimal> min_decimal;
  std::optional<Decimal> max_decimal;
  std::vector<std::string> patterns;     // resource name patterns, one of which the text must fit; none: any text
  const MessagePlan* message = nullptr;  // of kMessage

  std::string_view name() const { return field->name(); }
};

// The rules of one message, its fields in the order of the descriptor.
struct MessagePlan {
  std::vector<FieldPlan> fields;
  const google::protobuf::FieldDescriptor* update_mask = nullptr;  // of an Update request
};

// The plan of a message type; made at the first call, lives as long as the process. Thread-safe. A rule that cannot be
// read (a min_decimal that is no number) is a programming error and ends the process.
const MessagePlan& PlanOf(const google::protobuf::Descriptor& descriptor);

}  // namespace tributary::rpc
