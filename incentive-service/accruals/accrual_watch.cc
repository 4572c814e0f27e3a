#include "incentive-service/accruals/accrual_watch.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/rpc/server.h"
#include "common/status/status.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/period.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/stacking_plans/stacking_plan_store.h"
#include "incentive-service/standings/standing_store.h"
#include "tributary/incentive/v1/period_close.pb.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/incentive/v1/stacking_plan.pb.h"

namespace tributary::incentive {
namespace {

// What moves accruals: a line, a program that begins or ends, a close, a stacking plan.
const std::vector<std::string>& Types() {
  static const auto& types = *new std::vector<std::string>{
      v1::AccrualMove::descriptor()->full_name(), v1::Program::descriptor()->full_name(),
      v1::PeriodClose::descriptor()->full_name(), v1::StackingPlan::descriptor()->full_name()};
  return types;
}

// "programs/growth", "programs/growth/closes/2025Q1" -> "growth"; "stackingPlans/s" -> "s".
std::string IdIn(std::string_view name) {
  name.remove_prefix(std::min(name.size(), name.find('/') + 1));
  return std::string(name.substr(0, name.find('/')));
}

class WatchedAccruals : public events::Watched {
 public:
  // `user`: whether a partner's own user watches.
  WatchedAccruals(const AccrualService& accruals, const AccrualStore& store, std::optional<std::string> partner,
                  bool user)
      : accruals_(accruals), store_(store), partner_(std::move(partner)), user_(user) {}

  google::protobuf::Message& message() override { return message_; }

  absl::StatusOr<bool> ReadNext(mysql::Transaction& sql) override {
    ASSIGN_OR_RETURN(const std::vector<Accrual> page, store_.List(sql, partner_, after_, {}, events::kWatchedAtOnce));
    if (page.empty()) return true;
    RETURN_IF_ERROR(accruals_.Evaluate(sql, page, message_.mutable_accruals()));
    after_ = page.back().key;
    return page.size() < events::kWatchedAtOnce;
  }

  absl::StatusOr<size_t> Note(mysql::Transaction& sql, absl::Span<const events::ShardRange>,
                              absl::Span<const events::Event> events) override {
    std::set<AccrualKey> keys;
    std::set<std::string> programs;  // all of whose accruals may have moved
    for (const events::Event& event : events) {
      if (event.type == Types().front()) {
        ASSIGN_OR_RETURN(AccrualKey key, ParseAccrualName(event.name));
        if (!partner_.has_value() || key.partner == *partner_) keys.insert(std::move(key));
      } else if (event.type == Types().back()) {
        ASSIGN_OR_RETURN(const DeclaredPlan plan, plans_.Get(sql, IdIn(event.name)));
        const std::vector<std::string> members = MembersOf(plan.rules);
        if (plan.state != StackingPlanState::kDraft) programs.insert(members.begin(), members.end());
      } else {
        programs.insert(IdIn(event.name));
      }
    }
    for (const std::string& program : programs) {
      ASSIGN_OR_RETURN(std::vector<AccrualKey> own, store_.KeysOf(sql, program, partner_));
      keys.insert(std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
    }
    ASSIGN_OR_RETURN(std::vector<AccrualKey> fellows, FellowsOf(sql, keys));
    keys.insert(std::make_move_iterator(fellows.begin()), std::make_move_iterator(fellows.end()));
    noted_.assign(keys.begin(), keys.end());
    return noted_.size();
  }

  absl::Status ReadNoted(mysql::Transaction& sql, size_t from, size_t to) override {
    const std::vector<AccrualKey> keys(&noted_[from], &noted_[from] + (to - from));
    ASSIGN_OR_RETURN(const std::vector<Accrual> accruals, store_.ReadSome(sql, keys));
    if (!accruals.empty()) RETURN_IF_ERROR(accruals_.Evaluate(sql, accruals, message_.mutable_accruals()));
    std::set<std::string> there;
    for (const v1::Accrual& accrual : message_.accruals()) there.insert(accrual.name());
    for (const AccrualKey& key : keys) {
      if (there.contains(key.name())) continue;
      ASSIGN_OR_RETURN(const bool known, MayKnow(sql, key));
      if (known) message_.add_gone(key.name());
    }
    return absl::OkStatus();
  }

 private:
  // Whether the watcher may know of the accrual's program. Lines of a partner move accruals of programs that choose
  // partners by what they are, before that is looked at.
  absl::StatusOr<bool> MayKnow(mysql::Transaction& sql, const AccrualKey& key) const {
    if (!user_) return true;
    ASSIGN_OR_RETURN(const Program program, programs_.Get(sql, key.program));
    return standings_.IsFor(sql, program, key.partner);
  }
  // The accruals of the same partners and periods in other programs of the same stacking plan, which are worth
  // something else when these are; without these.
  absl::StatusOr<std::vector<AccrualKey>> FellowsOf(mysql::Transaction& sql, const std::set<AccrualKey>& keys) const {
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> members;  // by (program, period)
    std::set<AccrualKey> likely;
    for (const AccrualKey& key : keys) {
      const auto [of_plan, unread] = members.try_emplace({key.program, key.period});
      if (unread) {
        ASSIGN_OR_RETURN(of_plan->second, PlanMembers(sql, key));
      }
      for (const std::string& member : of_plan->second) {
        const AccrualKey fellow{key.partner, member, key.period};
        if (!keys.contains(fellow)) likely.insert(fellow);
      }
    }
    ASSIGN_OR_RETURN(const std::vector<Accrual> there, store_.ReadSome(sql, {likely.begin(), likely.end()}));
    std::vector<AccrualKey> fellows;
    for (const Accrual& accrual : there) fellows.push_back(accrual.key);
    return fellows;
  }
  // Of the plan that has the program in the period; none where it stands by itself.
  absl::StatusOr<std::vector<std::string>> PlanMembers(mysql::Transaction& sql, const AccrualKey& key) const {
    ASSIGN_OR_RETURN(const Program program, programs_.Get(sql, key.program));
    const absl::StatusOr<Period> period = ParsePeriod(program.paid(), key.period);
    if (!period.ok()) return std::vector<std::string>();
    ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, plans_.PlanOf(sql, key.program, period->range.start));
    return plan.has_value() ? MembersOf(plan->rules) : std::vector<std::string>();
  }

  const AccrualService& accruals_;
  const AccrualStore& store_;
  const ProgramStore programs_{};
  const StackingPlanStore plans_{};
  const StandingStore standings_{};
  const std::optional<std::string> partner_;  // nullopt: all
  const bool user_;
  AccrualKey after_;
  std::vector<AccrualKey> noted_;
  v1::WatchAccrualsResponse message_;
};

}  // namespace

void AccrualWatch::Register(rpc::Server& server) {
  const v1::WatchAccrualsResponse* const sent = nullptr;
  server.Add("tributary.incentive.v1.AccrualService", this).Stream("WatchAccruals", &AccrualWatch::Watch, sent);
}

absl::Status AccrualWatch::Watch(const rpc::Call& call, const v1::WatchAccrualsRequest& request,
                                 rpc::StreamWriter& writer) {
  ASSIGN_OR_RETURN(std::optional<std::string> partner, PartnerScope(call, request.parent()));
  WatchedAccruals watched(accruals_, store_, std::move(partner), call.identity->IsPartnerUser());
  return events::RunWatch(parts_, call,
                          {.query = request.parent(),
                           .same = "caller and parent",
                           .resume_token = request.resume_token(),
                           .types = Types()},
                          watched, writer);
}

}  // namespace tributary::incentive
