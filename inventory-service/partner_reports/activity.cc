#include "inventory-service/partner_reports/activity.h"

#include <utility>

namespace tributary::inventory {
namespace {

constexpr std::pair<std::string_view, Activity> kCodes[] = {
    {"QS", Activity::kSellThrough},      {"QA", Activity::kOnHand},           {"QR", Activity::kReceived},
    {"QO", Activity::kOutOfStock},       {"QP", Activity::kOnOrder},          {"QT", Activity::kAdjusted},
    {"SALE", Activity::kSellThrough},    {"RETURN", Activity::kSellThrough},  {"RECEIPT", Activity::kReceived},
    {"ADJUSTMENT", Activity::kAdjusted}, {"SCRAP", Activity::kOther},         {"RETURN_TO_VENDOR", Activity::kOther},
    {"SAMPLE", Activity::kOther},        {"TRANSFER", Activity::kTransferred}};

}  // namespace

std::string_view NameOf(Activity activity) {
  switch (activity) {
    case Activity::kSellThrough:
      return "SELL_THROUGH";
    case Activity::kOnHand:
      return "ON_HAND";
    case Activity::kReceived:
      return "RECEIVED";
    case Activity::kOutOfStock:
      return "OUT_OF_STOCK";
    case Activity::kOnOrder:
      return "ON_ORDER";
    case Activity::kAdjusted:
      return "ADJUSTED";
    case Activity::kTransferred:
      return "TRANSFERRED";
    case Activity::kOther:
      return "OTHER";
  }
  return "ACTIVITY_UNSPECIFIED";
}

Activities Activities::All() {
  Activities all;
  for (const Activity activity : kActivities) all.Add(activity);
  return all;
}

std::optional<Activity> ActivityOfCode(std::string_view code) {
  for (const auto& [text, activity] : kCodes) {
    if (code == text) return activity;
  }
  for (const Activity activity : kActivities) {
    if (code == NameOf(activity)) return activity;
  }
  return std::nullopt;
}

std::string_view NameOf(Boundary boundary) {
  return boundary == Boundary::kBeforeOpening ? "BEFORE_OPENING" : "AFTER_CLOSING";
}

std::optional<Boundary> BoundaryFromName(std::string_view name) {
  for (const Boundary boundary : {Boundary::kBeforeOpening, Boundary::kAfterClosing}) {
    if (name == NameOf(boundary)) return boundary;
  }
  return std::nullopt;
}

}  // namespace tributary::inventory
