#pragma once

#include "partner-service/look_alikes/names_in_memory.h"

namespace tributary::partner {

NameSource CustomerNames();     // of customers that are not ERASED
NameSource PartnerNames();      // legal and trade names of partners that are not TERMINATED
NameSource ApplicationNames();  // legal and trade names in applications under way

}  // namespace tributary::partner
