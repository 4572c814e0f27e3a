#include "inventory-service/payments/allocation.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace tributary::inventory {
namespace {

// The state of the fold after some days.
class Fold {
 public:
  Fold(const std::vector<Receivable>& receivables, const std::vector<Source>& sources) {
    for (const Receivable& receivable : receivables) {
      events_.push_back({receivable.date, kInvoice, receivable.invoice, &receivable, nullptr});
    }
    for (const Source& source : sources) {
      const bool payment = source.kind == SourceKind::kPayment;
      events_.push_back({source.date, payment ? kPayment : kCreditNote, source.id, nullptr, &source});
      if (source.bounce.has_value()) {
        events_.push_back({std::max(source.date, source.bounce->date), kReversal, source.id, nullptr, &source});
      }
    }
    std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return std::tie(a.date, a.rank, a.id) < std::tie(b.date, b.rank, b.id);
    });
  }

  Allocations Run() && {
    for (const Event& event : events_) {
      switch (event.rank) {
        case kInvoice:
          Bill(*event.receivable);
          break;
        case kCreditNote:
        case kPayment:
          Pay(*event.source, event.rank);
          break;
        case kReversal:
          Reverse(*event.source, event.date);
          break;
      }
      SettleOldestDue(event.date);
    }
    for (const auto& [key, account] : accounts_) {
      if (account.left.zero()) continue;
      result_.rests[{account.source->kind, account.source->id}] = {account.left, account.left - account.Free()};
    }
    return std::move(result_);
  }

 private:
  enum Rank { kInvoice, kCreditNote, kPayment, kReversal };
  struct Event {
    Date date;
    Rank rank;
    std::string_view id;
    const Receivable* receivable;
    const Source* source;
  };
  struct Billed {
    const Receivable* receivable;
    Decimal open;
  };
  // A source that has been reached and of which something is left.
  struct Account {
    const Source* source;
    Decimal left;
    std::vector<NamedPart> waiting;  // for invoices not reached yet

    Decimal Free() const {
      Decimal held;
      for (const NamedPart& part : waiting) held += part.amount;
      return held < left ? left - held : Decimal();
    }
  };
  using AccountKey = std::tuple<Date, Rank, std::string_view>;

  void Bill(const Receivable& receivable) {
    bills_.insert_or_assign(receivable.invoice, Billed{&receivable, receivable.gross});
    if (!receivable.gross.zero()) open_.insert({receivable.due, receivable.invoice});
    for (auto& [key, account] : accounts_) {
      std::vector<NamedPart> waiting = std::exchange(account.waiting, {});
      for (NamedPart& part : waiting) {
        if (part.invoice == receivable.invoice) {
          Settle(account, part.invoice, part.amount, receivable.date, part.cause);
        } else {
          account.waiting.push_back(std::move(part));
        }
      }
    }
  }

  void Pay(const Source& source, Rank rank) {
    Account& account =
        accounts_.insert_or_assign({source.date, rank, source.id}, Account{&source, source.amount, {}}).first->second;
    Decimal decided;
    for (const NamedPart& part : source.named) {
      if (part.cause == AllocationCause::kDecided) decided += part.amount;
      if (bills_.contains(part.invoice)) {
        Settle(account, part.invoice, part.amount, source.date, part.cause);
        continue;
      }
      NamedPart waiting = part;
      if (part.cause != AllocationCause::kDecided) {
        // Decisions are about what waited: it waits no longer.
        const Decimal taken = std::min(decided, waiting.amount);
        decided -= taken;
        waiting.amount -= taken;
      }
      if (!waiting.amount.zero()) account.waiting.push_back(std::move(waiting));
    }
  }

  void Reverse(const Source& source, Date date) {
    accounts_.erase({source.date, kPayment, source.id});
    const size_t before = result_.parts.size();
    for (size_t i = 0; i < before; ++i) {
      if (result_.parts[i].kind != SourceKind::kPayment || result_.parts[i].source != source.id) continue;
      Allocation back = result_.parts[i];
      back.source = source.bounce->id;
      back.amount = -back.amount;
      back.date = date;
      back.cause = AllocationCause::kReversal;
      Add(std::move(back));
    }
  }

  // Everything free on account, by date and number, for what is open, by due date and number.
  void SettleOldestDue(Date date) {
    for (auto next = accounts_.begin(); next != accounts_.end() && !open_.empty();) {
      Account& account = next->second;
      Decimal free = account.Free();
      while (!free.zero() && !open_.empty()) {
        const std::string invoice(open_.begin()->second);
        free -= Settle(account, invoice, free, date, AllocationCause::kOldestDue);
      }
      next = account.left.zero() ? accounts_.erase(next) : std::next(next);
    }
  }

  // At most `amount`; answers how much.
  Decimal Settle(Account& account, const std::string& invoice, Decimal amount, Date date, AllocationCause cause) {
    const Billed& bill = bills_.at(invoice);
    const Decimal part = std::min({amount, account.left, bill.open});
    if (part.zero()) return part;
    account.left -= part;
    Add({.kind = account.source->kind,
         .source = account.source->id,
         .invoice = invoice,
         .amount = part,
         .date = date,
         .invoice_date = bill.receivable->date,
         .settled_on = date,
         .cause = cause});
    return part;
  }

  void Add(Allocation allocation) {
    Billed& bill = bills_.at(allocation.invoice);
    bill.open -= allocation.amount;
    if (bill.open.zero()) {
      open_.erase({bill.receivable->due, bill.receivable->invoice});
    } else {
      open_.insert({bill.receivable->due, bill.receivable->invoice});
    }
    result_.settled[allocation.invoice] += allocation.amount;
    result_.parts.push_back(std::move(allocation));
  }

  std::vector<Event> events_;
  std::map<std::string, Billed> bills_;  // those reached
  std::set<std::pair<Date, std::string_view>> open_;
  std::map<AccountKey, Account> accounts_;
  Allocations result_;
};

}  // namespace

Allocations Allocate(const std::vector<Receivable>& receivables, const std::vector<Source>& sources) {
  return Fold(receivables, sources).Run();
}

}  // namespace tributary::inventory
