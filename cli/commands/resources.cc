#include "cli/resources.h"

#include <iostream>
#include <iterator>

#include "cli/commands/commands.h"
#include "common/status/status.h"

namespace tributary::cli {

void AddResources(CLI::App& app, Context& context) {
  CLI::App* get = app.add_subcommand("get", "Print one resource: get partners/aw-1");
  auto name = std::make_shared<std::string>();
  get->add_option("name", *name, "Resource name")->required();
  get->callback([&context, name] {
    context.chosen = [&context, name]() -> absl::Status {
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      ASSIGN_OR_RETURN(auto message, GetResource(*suite, *name));
      if (context.output() == Format::kCsv) {
        PrintMessages({message.get()}, std::cout, Format::kCsv);
      } else {
        std::cout << ToJson(*message);
      }
      return absl::OkStatus();
    };
  });

  CLI::App* list = app.add_subcommand("list", "Print a collection: list partners/aw-1/positions");
  struct ListOptions {
    std::string collection, filter;
    bool show_deleted = false;
    int64_t limit = 100;
  };
  auto options = std::make_shared<ListOptions>();
  list->add_option("collection", options->collection, "Collection, such as partners or partners/aw-1/positions")
      ->required();
  list->add_option("--filter", options->filter, "AIP-160 filter, such as 'state = ACTIVE'");
  list->add_option("--limit", options->limit, "At most so many; 0 is all")->check(CLI::NonNegativeNumber);
  list->add_flag("--show-deleted", options->show_deleted, "Also what is no longer in force");
  list->callback([&context, options] {
    context.chosen = [&context, options]() -> absl::Status {
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      ASSIGN_OR_RETURN(auto messages, ListResources(*suite, options->collection, options->filter, options->show_deleted,
                                                    options->limit));
      std::vector<const google::protobuf::Message*> all;
      all.reserve(messages.size());
      for (const auto& message : messages) all.push_back(message.get());
      PrintMessages(all, std::cout, context.output());
      // A table of nothing is nothing, which a person cannot tell from a command that did not run.
      if (all.empty() && context.output() != Format::kJson) {
        std::cerr << NothingIn(options->collection, options->filter) << "\n";
      }
      return absl::OkStatus();
    };
  });

  CLI::App* call = app.add_subcommand("call", "Call a method with a request in JSON and print what it answers");
  struct CallWords {
    std::string service, method, request = "{}";
    int64_t messages = 0;
    double seconds = 0;
  };
  auto words = std::make_shared<CallWords>();
  call->add_option("method", words->method, "Such as tributary.partner.v1.PartnerService/GetPartner")->required();
  call->add_option("request", words->request,
                   "The request as JSON, a line each where the method takes a stream; - reads standard input");
  call->add_option("--of", words->service, "Whom to ask where each service has the method, such as FeedService's")
      ->check(CLI::IsMember({"partner", "inventory", "incentive", "conflict"}));
  call->add_option("--messages", words->messages, "Of a stream of answers, so many; 0 is all")
      ->check(CLI::NonNegativeNumber);
  call->add_option("--seconds", words->seconds, "How long a stream may last; 0 is as long as it does")
      ->check(CLI::NonNegativeNumber);
  call->callback([&context, words] {
    context.chosen = [&context, words]() -> absl::Status {
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      if (words->request == "-") words->request.assign(std::istreambuf_iterator<char>(std::cin), {});
      int64_t told = 0;
      return CallMethod(*suite, words->service, words->method, words->request,
                        words->seconds == 0 ? absl::InfiniteDuration() : absl::Seconds(words->seconds),
                        [&](const google::protobuf::Message& answer) {
                          std::cout << ToJson(answer) << std::flush;
                          return ++told != words->messages;
                        });
    };
  });
}

}  // namespace tributary::cli
