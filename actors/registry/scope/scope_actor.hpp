#pragma once

#include <registry/compat/signature.hpp>
#include <registry/scope/requests.hpp>

namespace registry::inline v0_2 {

/// The handle of the actor of a scope. It serves the operations of `scope` as messages, for actors that prefer
/// `request(…).then(…)` to a call. Actors of other nodes may use it, too, except for subscriptions, whose subscriber must be
/// local.
using scope_actor = caf::typed_actor<
    compat::replies<void(wake_up)>, compat::replies<void(await_done)>, compat::replies<void(await_expired)>,
    compat::replies<void(join_request)>, compat::replies<void(leave_request)>, compat::replies<void(update_request)>,
    compat::replies<value(unregister_match_request)>, compat::replies<value(leave_all_request)>,
    compat::replies<value(register_name_request)>, compat::replies<void(unregister_name_request)>,
    compat::replies<value(whereis_request)>, compat::replies<value(send_request)>, compat::replies<value(lookup_request)>,
    compat::replies<value(members_request)>, compat::replies<value(values_request)>, compat::replies<value(keys_request)>,
    compat::replies<value(count_request)>, compat::replies<value(count_key_request)>, compat::replies<value(groups_request)>,
    compat::replies<value(match_request)>, compat::replies<value(count_match_request)>,
    compat::replies<value(select_request)>, compat::replies<value(count_select_request)>,
    compat::replies<value(dispatch_request)>, compat::replies<void(put_meta_request)>, compat::replies<value(meta_request)>,
    compat::replies<void(delete_meta_request)>, compat::replies<value(monitor_request)>,
    compat::replies<value(monitor_scope_request)>, compat::replies<void(demonitor_request)>,
    compat::replies<value(await_request)>>;

} // namespace registry::inline v0_2
