"""What a patient may ask about their data, behind the link."""
