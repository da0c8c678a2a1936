"""Appointments: what may be booked by whose agreement, which windows are free, what is held, confirmed, moved and cancelled."""
