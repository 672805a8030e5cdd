//! Part of swerl.
