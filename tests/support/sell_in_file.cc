#include "tests/support/sell_in_file.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "tests/support/command.h"

namespace tributary::testing {
namespace {

[[noreturn]] void Die(const std::string& text) {
  std::fprintf(stderr, "sell-in file: %s\n", text.c_str());
  std::exit(1);
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == '"') Die("a quoted cell: " + line);
    if (c == ',')
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

size_t ColumnOf(const std::vector<std::string>& header, const std::string& name) {
  for (size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) return i;
  }
  Die("no column " + name);
}

// "-12.5" -> -125000 ten-thousandths.
int64_t TenThousandths(const std::string& text) {
  const bool negative = text.starts_with('-');
  int64_t value = 0;
  int decimals = -1;
  for (size_t i = negative ? 1 : 0; i < text.size(); ++i) {
    if (text[i] == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') Die("no number: " + text);
    value = value * 10 + (text[i] - '0');
    if (decimals >= 0) ++decimals;
  }
  for (decimals = decimals < 0 ? 0 : decimals; decimals < 4; ++decimals) value *= 10;
  if (decimals > 4) Die("more than four decimals: " + text);
  return negative ? -value : value;
}

std::string Fixed(int64_t value, int decimals) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  while (digits.size() <= static_cast<size_t>(decimals)) digits.insert(0, "0");
  digits.insert(digits.size() - static_cast<size_t>(decimals), ".");
  return (value < 0 ? "-" : "") + digits;
}

// "101709496.5020" -> "101709496.502", as the suite writes amounts that it has not rounded.
std::string Shortest(std::string text) {
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// "2013-11-29" -> 2013 * 4 + 3.
int Quarter(const std::string& date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') Die("no date: " + date);
  return std::atoi(date.substr(0, 4).c_str()) * 4 + (std::atoi(date.substr(5, 2).c_str()) - 1) / 3;
}

struct Tier {
  int64_t from;        // ten-thousandths
  int64_t thousandth;  // rate
};
constexpr Tier kTiers[] = {{0, 10}, {20000 * int64_t{10000}, 20}, {60000 * int64_t{10000}, 35}};

// Tenths of a millionth of the currency (ten-thousandths times thousandths) to cents, a tie to the even cent.
int64_t Cents(int64_t value) {
  constexpr int64_t kCent = 100000;
  const int64_t whole = value / kCent, rest = value % kCent;
  return whole + (rest * 2 > kCent || (rest * 2 == kCent && whole % 2 == 1) ? 1 : 0);
}

int64_t Marginal(int64_t amount) {
  int64_t value = 0;
  for (size_t i = 0; i < std::size(kTiers) && amount > kTiers[i].from; ++i) {
    const int64_t upper = i + 1 < std::size(kTiers) && amount > kTiers[i + 1].from ? kTiers[i + 1].from : amount;
    value += (upper - kTiers[i].from) * kTiers[i].thousandth;
  }
  return Cents(value);
}

int64_t Retroactive(int64_t amount) {
  int64_t rate = 0;
  for (const Tier& tier : kTiers) {
    if (amount >= tier.from) rate = tier.thousandth;
  }
  return amount > 0 ? Cents(amount * rate) : 0;
}

}  // namespace

std::vector<std::string> LinesOf(const std::string& path) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : ReadTestFile(path)) {
    if (c == '\r') continue;
    if (c != '\n') {
      line += c;
    } else {
      lines.push_back(std::exchange(line, ""));
    }
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

void WriteLines(const std::string& path, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  WriteTestFile(path, text);
}

SellInTotals ComputeSellIn(const std::vector<std::string>& lines, const SellInColumns& columns) {
  const std::vector<std::string> header = Cells(lines.at(0));
  const size_t partner = ColumnOf(header, columns.partner), date = ColumnOf(header, columns.order_date),
               quantity = ColumnOf(header, columns.quantity), net = ColumnOf(header, columns.net);
  SellInTotals totals;
  int64_t sum = 0;
  std::map<std::pair<std::string, int>, int64_t> quarters;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = Cells(lines[i]);
    ++totals.lines;
    totals.units += std::atoll(cells.at(quantity).c_str());
    const int64_t amount = TenThousandths(cells.at(net));
    sum += amount;
    quarters[{cells.at(partner), Quarter(cells.at(date))}] += amount;
  }
  totals.net = Shortest(Fixed(sum, 4));
  totals.statements = static_cast<int64_t>(quarters.size());
  int64_t marginal = 0, retroactive = 0;
  for (const auto& [key, amount] : quarters) {
    marginal += Marginal(amount);
    retroactive += Retroactive(amount);
  }
  totals.rebate_marginal = Fixed(marginal, 2);
  totals.rebate_retroactive = Fixed(retroactive, 2);
  return totals;
}

}  // namespace tributary::testing
