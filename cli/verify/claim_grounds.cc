#include "cli/verify/claim_grounds.h"

#include <algorithm>
#include <iterator>

#include "cli/verify/arithmetic.h"

namespace tributary::cli {

using verify::Integer;

int64_t MicrosOf(const google::protobuf::Timestamp& time) { return time.seconds() * 1000000 + time.nanos() / 1000; }

std::string LineOf(const std::string& name) { return name.substr(0, name.find('.', name.rfind('/') + 1)); }

std::string MovementOf(const std::string& name) {
  const size_t first = name.find('.', name.rfind('/') + 1);
  const size_t last = name.rfind('.');
  // "{document}.{line}" alone has no generation; documents with dots always have one.
  return first == std::string::npos || first == last ? name : name.substr(0, last);
}

void PartnerFacts::Recorded(const std::string& product, const google::protobuf::Timestamp& time) {
  int64_t& latest = latest_[product];
  latest = std::max(latest, MicrosOf(time));
}

void PartnerFacts::Add(const inventory::v1::SellThroughSale& sale) {
  Recorded(sale.product(), sale.record_time());
  if (!sale.reverses().empty()) reversed_.insert(sale.reverses());
  if (!sale.original_sale().empty()) returns_[sale.original_sale()].push_back(sale.name());
  sales_.emplace(sale.name(), sale);
}

void PartnerFacts::Add(const inventory::v1::ShipmentLine& line) {
  Recorded(line.product(), line.record_time());
  if (!line.reverses().empty()) reversed_.insert(line.reverses());
  statements_[LineOf(line.name())].push_back(line.name());
  lines_.emplace(line.name(), line);
}

void PartnerFacts::Add(const inventory::v1::StockMovement& movement) {
  Recorded(movement.product(), movement.record_time());
  if (!movement.reverses().empty()) reversed_.insert(movement.reverses());
  movements_[MovementOf(movement.name())].push_back(movement);
}

const Fact* PartnerFacts::Sale(const std::string& name) const {
  const auto found = sales_.find(name);
  return found == sales_.end() ? nullptr : &found->second;
}

Integer PartnerFacts::UnitsLeft(const std::string& sale) const {
  const Fact* sold = Sale(sale);
  if (sold == nullptr || !Stands(*sold)) return 0;
  Integer left = sold->quantity.value_or(0);
  const auto returns = returns_.find(sale);
  if (returns == returns_.end()) return left;
  for (const std::string& name : returns->second) {
    const Fact& back = sales_.at(name);
    if (Stands(back)) left += back.quantity.value_or(0);
  }
  return std::max(Integer(0), left);
}

const Fact* PartnerFacts::Line(const std::string& name) const {
  const auto statements = statements_.find(LineOf(name));
  if (statements == statements_.end()) return nullptr;
  for (const std::string& one : statements->second) {
    const Fact& line = lines_.at(one);
    if (Stands(line)) return &line;
  }
  return nullptr;
}

std::vector<const Fact*> PartnerFacts::LinesOf(const std::string& product) const {
  std::vector<const Fact*> lines;
  for (const auto& [name, line] : lines_) {
    if (line.product == product && Stands(line)) lines.push_back(&line);
  }
  return lines;
}

Integer PartnerFacts::Purchases(const std::string& from, const std::string& to, const std::string& currency) const {
  Integer sum = 0;
  for (const auto& [name, line] : lines_) {
    if (!Stands(line) || line.currency != currency) continue;
    const auto original = lines_.find(line.original);
    const std::string& date = original == lines_.end() ? line.date : original->second.date;
    if (from <= date && date < to) sum += line.amount.value_or(0);
  }
  return sum;
}

PartnerFacts::Moved PartnerFacts::Movement(const std::string& name) const {
  Moved moved;
  const auto statements = movements_.find(MovementOf(name));
  if (statements == movements_.end()) return moved;
  for (const inventory::v1::StockMovement& one : statements->second) {
    if (!one.reverses().empty() || reversed_.contains(one.name())) continue;
    moved.product = one.product();
    moved.date = verify::Text(one.effective_date());
    moved.to = one.to_location();
    moved.of_kits = !one.kit_parts().empty();
    moved.units += verify::Billionths(one.quantity()).value_or(0);
  }
  return moved;
}

bool PartnerFacts::Later(const std::string& product, int64_t micros) const {
  if (product.empty()) {
    return std::any_of(latest_.begin(), latest_.end(), [&](const auto& one) { return one.second > micros; });
  }
  const auto latest = latest_.find(product);
  return latest != latest_.end() && latest->second > micros;
}

}  // namespace tributary::cli
