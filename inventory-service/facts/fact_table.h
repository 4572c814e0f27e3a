#pragma once

// A table of facts: what the SQL of all of them shares. Rows are appended and never changed, but for the names of
// customers that are erased (end_customers/erased_names.h); (document, line, generation), with the partner where the
// partner numbers the documents, is the key, and (shard, seq) the position in the feed.

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/intake.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/facts/stamped_rows.h"

namespace tributary::inventory {

// Needs, beside the type F (a Fact): KeyOf(fact); AppendOwn(fact, &values) and ReadOwn(row, column, &fact) for the
// columns named in `own_columns`.
template <typename F>
class FactTable {
 public:
  struct Shape {
    std::string_view table;
    bool has_partner = true;       // the table has the column
    bool partner_in_key = false;   // documents are numbered by the partner
    bool has_serials = false;      // the table has the column
    bool has_unit = false;         // the table has the columns unit and unit_quantity
    bool has_parts = false;        // the table has the column
    std::string_view own_columns;  // "order_date, ship_date"
    size_t own_width = 0;
  };

  explicit FactTable(Shape shape) : shape_(shape) {
    stated_ =
        StrCat("document, line, generation, product, product_line, lot, quantity, posted, import_id, ",
               shape_.has_partner ? "partner, " : "", shape_.has_serials ? "serials, " : "",
               shape_.has_unit ? "unit, unit_quantity, " : "", shape_.has_parts ? "parts, " : "", shape_.own_columns);
    columns_ = StrCat("shard, seq, recorded_at, ", stated_);
    own_ = kCommon + (shape_.has_partner ? 1 : 0) + (shape_.has_serials ? 1 : 0) + (shape_.has_unit ? 2 : 0) +
           (shape_.has_parts ? 1 : 0);
  }

  // What the feed is told about these facts, as metrics count it. All of them state something, or all take something
  // back.
  events::RowBatch NewBatch(const std::vector<F>& facts) const {
    const bool reversed = !facts.empty() && IsReversal(facts[0].generation);
    return {.noun = std::string(shape_.table), .verb = reversed ? "reversed" : "recorded"};
  }

  // The last generation of each line that `stated` names and that is known. Rows that another transaction has not
  // committed yet are not seen: Insert has the last word.
  absl::StatusOr<Known<F>> LastOf(mysql::Transaction& sql, const std::vector<Stated<F>>& stated) const {
    // Lines of a document mostly come together: they are one range of the key, which is read far faster than a key
    // each.
    using Document = std::pair<std::string_view, std::string_view>;
    const auto document_of = [this](const F& fact) {
      return Document(fact.document, shape_.partner_in_key ? fact.partner : std::string_view());
    };
    const auto by_line = [](const F* a, const F* b) { return a->line < b->line; };
    std::map<Document, std::vector<const F*>> documents;
    for (const Stated<F>& one : stated) documents[document_of(one.fact)].push_back(&one.fact);
    std::vector<std::pair<const F*, const F*>> ranges;  // the first and the last line of a document
    std::vector<const F*> keys;
    for (auto& [document, lines] : documents) {
      std::sort(lines.begin(), lines.end(), by_line);
      const size_t span = static_cast<size_t>(lines.back()->line) - static_cast<size_t>(lines.front()->line) + 1;
      if (lines.size() >= kRangeLines && span <= kRangeLines * lines.size()) {
        ranges.emplace_back(lines.front(), lines.back());
      } else {
        keys.insert(keys.end(), lines.begin(), lines.end());
      }
    }
    const bool of_partner = shape_.partner_in_key;
    Known<F> known;
    RETURN_IF_ERROR(Take(
        sql, ranges, kRangesAtOnce, "WHERE ",
        of_partner ? "document = ? AND partner = ? AND line BETWEEN ? AND ?" : "document = ? AND line BETWEEN ? AND ?",
        " OR ", "",
        [&](const auto& range, mysql::Values* values) {
          values->push_back(range.first->document);
          if (of_partner) values->push_back(range.first->partner);
          values->insert(values->end(), {range.first->line, range.second->line});
        },
        &known));
    // What lies between and was not asked for.
    for (auto fact = known.begin(); fact != known.end();) {
      const std::vector<const F*>& lines = documents.at(document_of(fact->second));
      fact =
          std::binary_search(lines.begin(), lines.end(), &fact->second, by_line) ? std::next(fact) : known.erase(fact);
    }
    RETURN_IF_ERROR(Take(
        sql, keys, kKeysAtOnce, of_partner ? "WHERE (document, partner, line) IN (" : "WHERE (document, line) IN (",
        of_partner ? "(?, ?, ?)" : "(?, ?)", ", ", ")",
        [&](const F* key, mysql::Values* values) {
          values->push_back(key->document);
          if (of_partner) values->push_back(key->partner);
          values->push_back(key->line);
        },
        &known));
    return known;
  }

  // The facts, which outlive them, as rows that are complete but for their stamps.
  StampedRows RowsOf(absl::Span<const F> facts) const {
    StampedRows rows(shape_.table, stated_, own_ - kStamp + shape_.own_width);
    rows.Reserve(facts.size());
    mysql::Values& values = *rows.values();
    for (const F& fact : facts) {
      values.insert(values.end(), {fact.document, fact.line, fact.generation, fact.product, fact.product_line, fact.lot,
                                   fact.quantity, fact.posted, mysql::Value(fact.import_id)});
      if (shape_.has_partner) values.push_back(fact.partner);
      if (shape_.has_serials) values.push_back(rows.Keep(SerialsText(fact.serials)));
      if (shape_.has_unit) values.insert(values.end(), {fact.unit, fact.unit_quantity});
      if (shape_.has_parts) {
        values.push_back(fact.parts.empty() ? mysql::Value(std::nullopt)
                                            : mysql::Value(rows.Keep(PartsText(fact.parts))));
      }
      AppendOwn(fact, &values);
      rows.EndRow();
    }
    rows.End();
    return rows;
  }

  // Appends; false where one of the lines was appended by somebody else meanwhile. Then nothing was.
  absl::StatusOr<bool> Insert(mysql::Transaction& sql, absl::Span<const F> facts,
                              absl::Span<const events::Stamp> stamps) const {
    return RowsOf(facts).TryInsert(sql, stamps);
  }

  // Statements of the import that stand, at most `limit`, by document and line.
  absl::StatusOr<std::vector<F>> StandingOfImport(mysql::Transaction& sql, const Uuid& import_id, int limit) const {
    return Select(sql,
                  StrCat("a WHERE import_id = ? AND ", StandsCondition("a"), " ORDER BY ",
                         shape_.partner_in_key ? "partner, " : "", "document, line, generation LIMIT ?"),
                  {import_id, limit});
  }

  // `tail`: everything behind FROM table.
  absl::StatusOr<std::vector<F>> Select(mysql::Transaction& sql, std::string_view tail,
                                        const mysql::Values& values) const {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", columns_, " FROM ", shape_.table, " ", tail), values));
    std::vector<F> facts;
    facts.reserve(rows.size());
    for (const mysql::Row& row : rows) facts.push_back(Read(row));
    return facts;
  }

  // The condition under which a row of the table `alias` stands: it is a statement, and no reversal of it is known.
  std::string StandsCondition(std::string_view alias) const {
    return StrCat("MOD(", alias, ".generation, 2) = 0 AND NOT EXISTS (SELECT 1 FROM ", shape_.table,
                  " later WHERE later.document = ", alias, ".document AND later.line = ", alias,
                  ".line AND later.generation = ", alias, ".generation + 1",
                  shape_.partner_in_key ? StrCat(" AND later.partner = ", alias, ".partner)") : std::string(")"));
  }

  // The rows as events of the feed; `to_event` fills name, type and payload.
  events::RowSource Source(const std::string& type, std::function<void(const F&, events::Event*)> to_event) const {
    auto read = [table = *this, type, to_event = std::move(to_event)](mysql::Transaction& sql,
                                                                      absl::Span<const events::ShardRange> ranges,
                                                                      std::vector<events::Event>* out) -> absl::Status {
      for (const events::ShardRange& range : ranges) {
        ASSIGN_OR_RETURN(const std::vector<F> facts, table.Select(sql, "WHERE shard = ? AND seq > ? AND seq <= ?",
                                                                  {range.shard, range.after, range.upto}));
        for (const F& fact : facts) {
          events::Event& event = out->emplace_back();
          event.cursor = {fact.shard, fact.seq};
          event.recorded_at = fact.recorded_at;
          event.verb = IsReversal(fact.generation) ? "reversed" : "recorded";
          event.type = type;
          to_event(fact, &event);
        }
      }
      return absl::OkStatus();
    };
    return {.type = type, .read = std::move(read)};
  }

 private:
  static constexpr size_t kStamp = 3;
  static constexpr size_t kCommon = kStamp + 9;
  // So many lines of a document at least, and on average every so many-th of those between the first and the last, are
  // read as a range.
  static constexpr size_t kRangeLines = 4;
  // In one statement: a row is compared with one range after the other, and with keys by a search among them.
  static constexpr size_t kRangesAtOnce = 16;
  static constexpr size_t kKeysAtOnce = 256;

  // Reads what `head`, a `place` for each of the items with `between` between them, and `tail` find: the last
  // generation of each line. The places are one of few numbers, the last item standing in those that are left over, so
  // that the statements stay prepared.
  template <typename Item, typename Bind>
  absl::Status Take(mysql::Transaction& sql, const std::vector<Item>& items, size_t most, std::string_view head,
                    std::string_view place, std::string_view between, std::string_view tail, Bind bind,
                    Known<F>* known) const {
    for (size_t at = 0; at < items.size(); at += most) {
      const size_t count = std::min(most, items.size() - at);
      size_t places = 1;
      while (places < count) places *= 4;
      std::string where(head);
      mysql::Values values;
      for (size_t i = 0; i < places; ++i) {
        StrAppend(&where, i == 0 ? "" : between, place);
        bind(items[at + std::min(i, count - 1)], &values);
      }
      where += tail;
      ASSIGN_OR_RETURN(std::vector<F> facts, Select(sql, where, values));
      for (F& fact : facts) {
        const auto [last, fresh] = known->try_emplace(KeyOf(fact), fact);
        if (!fresh && last->second.generation < fact.generation) last->second = std::move(fact);
      }
    }
    return absl::OkStatus();
  }

  F Read(const mysql::Row& row) const {
    F fact;
    fact.shard = static_cast<int>(row.Int(0));
    fact.seq = row.Int(1);
    fact.recorded_at = row.Instant(2);
    fact.document = row.Text(3);
    fact.line = static_cast<int>(row.Int(4));
    fact.generation = static_cast<int>(row.Int(5));
    fact.product = row.Text(6);
    fact.product_line = row.Text(7);
    fact.lot = row.Text(8);
    fact.quantity = row.Dec(9);
    fact.posted = row.Bool(10);
    if (!row.IsNull(11)) fact.import_id = row.Id(11);
    size_t at = kCommon;
    if (shape_.has_partner) fact.partner = row.Text(at++);
    if (shape_.has_serials) fact.serials = SerialsFromText(row.Bytes(at++));
    if (shape_.has_unit) {
      fact.unit = row.Text(at++);
      fact.unit_quantity = row.Dec(at++);
    }
    if (shape_.has_parts && !row.IsNull(at)) fact.parts = PartsFromText(row.Bytes(at));
    ReadOwn(row, own_, &fact);
    return fact;
  }

  Shape shape_;
  std::string stated_;   // the columns that are known before a fact is recorded
  std::string columns_;  // all of them, the stamp first
  size_t own_ = 0;       // where the own columns begin, among all
};

}  // namespace tributary::inventory
